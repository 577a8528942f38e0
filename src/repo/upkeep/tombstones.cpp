#include "repo/upkeep/tombstones.hpp"

#include "base/os/os.hpp"
#include "object/commit.hpp"
#include "repo/disk/layout.hpp"

namespace xylem::repo {

void enable_tombstones(Repo& repo) {
  if (repo.config().tombstone_commits) return;
  KeyFile config = repo.key_file();
  config.set("core", "tombstone-commits", "true");
  repo.write_config(std::move(config));
}

void write_tombstone(const Repo& repo, const Checksum& commit) {
  const PathAt path = repo.store().path({commit, object::ObjectType::TombstoneCommit});
  os::make_dir({path.dir, layout::object_dir(commit)}, 0777);
  replace_file(path, object::serialize_tombstone(commit), repo.config().fsync);
}

}  // namespace xylem::repo
