#include <dirent.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "object/names/object_name.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/refs/static_deltas.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

namespace {

constexpr char indexes_dir[] = "delta-indexes";
constexpr std::string_view index_suffix = ".index";

/// Writes only what changed: each write costs a flush.
void update_index(const Repo& repo, const std::string& path, const Bytes& content) {
  const auto old = os::try_read_file({repo.dir(), path}, object::default_max_metadata_size);
  if (old == content) return;
  make_repo_dirs({repo.dir(), path.substr(0, path.rfind('/'))});
  replace_file({repo.dir(), path}, content, repo.config().fsync);
}

/// Calls for each file of the directory that is called like an index, with its path.
void for_each_index_file(const Repo& repo, const std::function<void(const std::string&)>& visit) {
  const UniqueFd indexes = os::try_open_dir({repo.dir(), indexes_dir});
  if (!indexes.valid()) return;
  for (const DirEntry& two : list_directory(indexes)) {
    if (two.type != DT_DIR) continue;
    for (const DirEntry& file : list_directory(os::open_dir({indexes, two.name})))
      if (file.name.ends_with(index_suffix))
        visit(std::string(indexes_dir) + "/" + two.name + "/" + file.name);
  }
}

void remove_other_indexes(const Repo& repo, const std::set<std::string>& wanted) {
  for_each_index_file(repo, [&](const std::string& path) {
    if (!wanted.contains(path)) os::unlink({repo.dir(), path});
  });
}

/// "delta-indexes/<2>/<rest>.index".
std::optional<Checksum> parse_index_file(std::string_view path) {
  path.remove_prefix(sizeof(indexes_dir));
  path.remove_suffix(index_suffix.size());
  const std::size_t slash = path.find('/');
  const auto name = delta::parse_delta_dir(path.substr(0, slash), path.substr(slash + 1));
  if (!name || name->from) return std::nullopt;
  return name->to;
}

void promise_indexes(Repo& repo, const RepoLock& held) {
  if (repo.key_file().find_bool("core", "indexed-deltas").value_or(false)) return;
  repo.edit_config(held, [](KeyFile& file) { file.set("core", "indexed-deltas", "true"); });
}

}  // namespace

void write_delta_indexes(Repo& repo, const RepoLock& held,
                         const std::vector<delta::DeltaEntry>& deltas) {
  std::map<Checksum, std::vector<delta::DeltaEntry>> by_target;
  for (const delta::DeltaEntry& entry : deltas) by_target[entry.name.to].push_back(entry);
  std::set<std::string> wanted;
  for (const auto& [to, entries] : by_target) {
    const std::string path = delta::delta_index_file(to);
    update_index(repo, path, delta::serialize_delta_index(entries));
    wanted.insert(path);
  }
  remove_other_indexes(repo, wanted);
  promise_indexes(repo, held);
}

void write_delta_index(Repo& repo, const RepoLock& held, const Checksum& to,
                       const std::vector<delta::DeltaEntry>& deltas) {
  const std::string path = delta::delta_index_file(to);
  if (deltas.empty())
    os::unlink({repo.dir(), path});
  else
    update_index(repo, path, delta::serialize_delta_index(deltas));
  promise_indexes(repo, held);
}

std::vector<Checksum> list_delta_indexes(const Repo& repo) {
  std::vector<Checksum> commits;
  for_each_index_file(repo, [&](const std::string& path) {
    if (const auto commit = parse_index_file(path)) commits.push_back(*commit);
  });
  std::ranges::sort(commits);
  return commits;
}

}  // namespace xylem::repo
