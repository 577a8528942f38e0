#include <dirent.h>

#include <map>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/object_name.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char indexes_dir[] = "delta-indexes";

/// Writes only what changed: each write costs a flush.
void update_index(const Repo& repo, const std::string& path, const Bytes& content) {
  const auto old = os::try_read_file({repo.dir(), path}, object::default_max_metadata_size);
  if (old == content) return;
  os::make_dirs({repo.dir(), path.substr(0, path.rfind('/'))}, 0775);
  replace_file({repo.dir(), path}, content, repo.config().fsync);
}

void remove_other_indexes(const Repo& repo, const std::set<std::string>& wanted) {
  const UniqueFd indexes = os::try_open_dir({repo.dir(), indexes_dir});
  if (!indexes.valid()) return;
  for (const DirEntry& two : list_directory(indexes)) {
    if (two.type != DT_DIR) continue;
    const UniqueFd dir = os::open_dir({indexes, two.name});
    for (const DirEntry& file : list_directory(dir)) {
      const std::string path = std::string(indexes_dir) + "/" + two.name + "/" + file.name;
      if (file.name.ends_with(".index") && !wanted.contains(path)) os::unlink({dir, file.name});
    }
  }
}

void promise_indexes(Repo& repo) {
  if (repo.key_file().find_bool("core", "indexed-deltas").value_or(false)) return;
  KeyFile config = repo.key_file();
  config.set("core", "indexed-deltas", "true");
  repo.write_config(std::move(config));
}

}  // namespace

void write_delta_indexes(Repo& repo, const std::vector<delta::DeltaEntry>& deltas) {
  std::map<Checksum, std::vector<delta::DeltaEntry>> by_target;
  for (const delta::DeltaEntry& entry : deltas) by_target[entry.name.to].push_back(entry);
  std::set<std::string> wanted;
  for (const auto& [to, entries] : by_target) {
    const std::string path = delta::delta_index_file(to);
    update_index(repo, path, delta::serialize_delta_index(entries));
    wanted.insert(path);
  }
  remove_other_indexes(repo, wanted);
  promise_indexes(repo);
}

}  // namespace xylem::repo
