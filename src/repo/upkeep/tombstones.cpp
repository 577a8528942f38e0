#include "repo/upkeep/tombstones.hpp"

#include "object/commit.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"

namespace xylem::repo {

void enable_tombstones(Repo& repo) {
  if (repo.config().tombstone_commits) return;
  KeyFile config = repo.key_file();
  config.set("core", "tombstone-commits", "true");
  repo.write_config(std::move(config));
}

void write_tombstone(const Repo& repo, const Checksum& commit) {
  const PathAt path = repo.store().path({commit, object::ObjectType::TombstoneCommit});
  make_repo_dir({path.dir, layout::object_dir(commit)});
  replace_file(path, object::serialize_tombstone(commit), repo.config().fsync);
}

}  // namespace xylem::repo
