#include "repo/refs/static_deltas.hpp"

#include <dirent.h>

#include <algorithm>

#include "base/codec/sha256.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
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

}  // namespace

std::vector<delta::DeltaName> list_delta_names(const Repo& repo) {
  std::vector<delta::DeltaName> names;
  for (const DirEntry& two : list_dirs({repo.dir(), deltas_dir}))
    for (const DirEntry& rest : list_dirs({repo.dir(), deltas_dir + ("/" + two.name)})) {
      const auto name = delta::parse_delta_dir(two.name, rest.name);
      if (name && os::exists({repo.dir(), name->superblock()})) names.push_back(*name);
    }
  std::ranges::sort(names, {}, &delta::DeltaName::text);
  return names;
}

std::vector<delta::DeltaEntry> list_deltas(const Repo& repo) {
  std::vector<delta::DeltaEntry> deltas;
  for (const delta::DeltaName& name : list_delta_names(repo)) {
    const auto superblock =
        os::try_read_file({repo.dir(), name.superblock()}, delta::max_superblock_size);
    // It may have been deleted since.
    if (superblock) deltas.push_back({name, sha256(*superblock)});
  }
  return deltas;
}

}  // namespace xylem::repo
