#include "repo/refs/static_deltas.hpp"

#include <dirent.h>

#include <algorithm>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/sha256.hpp"
#include "delta/format/limits.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char deltas_dir[] = "deltas";

std::vector<DirEntry> list_dirs(const PathAt& path) {
  const UniqueFd dir = os::try_open_dir(path);
  if (!dir.valid()) return {};
  std::vector<DirEntry> entries = list_directory(dir);
  std::erase_if(entries, [](const DirEntry& entry) { return entry.type != DT_DIR; });
  return entries;
}

std::optional<delta::DeltaEntry> load_entry(const Repo& repo, const delta::DeltaName& name) {
  const auto superblock =
      os::try_read_file({repo.dir(), name.superblock()}, delta::max_superblock_size);
  if (!superblock) return std::nullopt;
  return delta::DeltaEntry{name, sha256(*superblock)};
}

}  // namespace

std::vector<delta::DeltaEntry> list_deltas(const Repo& repo) {
  std::vector<delta::DeltaEntry> deltas;
  for (const DirEntry& two : list_dirs({repo.dir(), deltas_dir}))
    for (const DirEntry& rest : list_dirs({repo.dir(), deltas_dir + ("/" + two.name)}))
      if (const auto name = delta::parse_delta_dir(two.name, rest.name))
        if (auto entry = load_entry(repo, *name)) deltas.push_back(*entry);
  std::ranges::sort(deltas, {}, [](const delta::DeltaEntry& entry) { return entry.name.text(); });
  return deltas;
}

}  // namespace xylem::repo
