#include "repo/refs/static_deltas.hpp"

#include <dirent.h>

#include <algorithm>
#include <memory>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/sha256.hpp"
#include "object/object_name.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char deltas_dir[] = "deltas";
constexpr std::size_t base64_size = 43;

std::string to_base64(const Checksum& checksum) {
  const ByteView bytes = checksum.bytes();
  const GStringPtr text(g_base64_encode(bytes.data(), bytes.size()));
  std::string result(text.get(), base64_size);
  std::ranges::replace(result, '/', '_');
  return result;
}

std::optional<Checksum> from_base64(std::string_view text) {
  if (text.size() != base64_size) return std::nullopt;
  std::string padded = std::string(text) + "=";
  std::ranges::replace(padded, '_', '/');
  gsize size = 0;
  const std::unique_ptr<guchar, GlibFree> bytes(g_base64_decode(padded.c_str(), &size));
  const auto checksum = Checksum::from_bytes(ByteView(bytes.get(), size));
  // The decoder passes over what is not base64.
  if (!checksum || to_base64(*checksum) != text) return std::nullopt;
  return checksum;
}

/// "<2>/<rest>".
std::string split_path(const std::string& base64) {
  return base64.substr(0, 2) + "/" + base64.substr(2);
}

std::vector<DirEntry> list_dirs(const PathAt& path) {
  const UniqueFd dir = os::try_open_dir(path);
  if (!dir.valid()) return {};
  std::vector<DirEntry> entries = list_directory(dir);
  std::erase_if(entries, [](const DirEntry& entry) { return entry.type != DT_DIR; });
  return entries;
}

std::optional<DeltaEntry> load_entry(const Repo& repo, const DeltaName& name) {
  const auto superblock = os::try_read_file({repo.dir(), name.dir() + "/superblock"},
                                            object::default_max_metadata_size);
  if (!superblock) return std::nullopt;
  return DeltaEntry{name, sha256(*superblock)};
}

}  // namespace

std::string DeltaName::text() const {
  return from ? from->hex() + "-" + to.hex() : to.hex();
}

std::string DeltaName::dir() const {
  const std::string base64 = from ? to_base64(*from) + "-" + to_base64(to) : to_base64(to);
  return std::string(deltas_dir) + "/" + split_path(base64);
}

std::optional<DeltaName> parse_delta_dir(std::string_view two, std::string_view rest) {
  const std::string name = std::string(two).append(rest);
  const std::size_t dash = name.find('-');
  const auto first = from_base64(std::string_view(name).substr(0, dash));
  if (two.size() != 2 || !first) return std::nullopt;
  if (dash == std::string::npos) return DeltaName{std::nullopt, *first};
  const auto second = from_base64(std::string_view(name).substr(dash + 1));
  if (!second) return std::nullopt;
  return DeltaName{first, *second};
}

std::string delta_index_file(const Checksum& to) {
  return "delta-indexes/" + split_path(to_base64(to)) + ".index";
}

std::vector<DeltaEntry> list_deltas(const Repo& repo) {
  std::vector<DeltaEntry> deltas;
  for (const DirEntry& two : list_dirs({repo.dir(), deltas_dir}))
    for (const DirEntry& rest : list_dirs({repo.dir(), deltas_dir + ("/" + two.name)}))
      if (const auto name = parse_delta_dir(two.name, rest.name))
        if (auto entry = load_entry(repo, *name)) deltas.push_back(*entry);
  std::ranges::sort(deltas, {}, [](const DeltaEntry& entry) { return entry.name.text(); });
  return deltas;
}

}  // namespace xylem::repo
