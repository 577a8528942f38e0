#include "base/os.hpp"
#include "repo/fsck_steps.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

void enable_tombstones(Repo& repo) {
  if (repo.config().tombstone_commits) return;
  KeyFile config = repo.key_file();
  config.set("core", "tombstone-commits", "true");
  repo.write_config(std::move(config));
}

void write_tombstone(const Repo& repo, const Checksum& commit) {
  const PathAt path = repo.store().path({commit, ObjectType::TombstoneCommit});
  os::make_dir({path.dir, path.name.substr(0, 2)}, 0777);
  replace_file(path, object::serialize_tombstone(commit), repo.config().fsync);
}

}  // namespace

void add_tombstones(Repo& repo, const std::vector<CheckedCommit>& commits) {
  for (const CheckedCommit& entry : commits) {
    if (!entry.commit.parent) continue;
    const Checksum& parent = *entry.commit.parent;
    if (repo.has({parent, ObjectType::Commit}) || repo.has({parent, ObjectType::TombstoneCommit}))
      continue;
    enable_tombstones(repo);
    write_tombstone(repo, parent);
  }
}

}  // namespace xylem::repo
