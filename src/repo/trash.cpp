#include "repo/trash.hpp"

#include "base/directory.hpp"
#include "base/log.hpp"
#include "base/os.hpp"
#include "repo/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

TmpDir try_allocate(const Repo& repo) try {
  return allocate_tmpdir(repo.tmp(), layout::trash_prefix);
} catch (const Error& error) {
  log_info("Deleting on the spot: {}", error.what());
  return {};
}

}  // namespace

Trash::Trash(const Repo& repo) : dir_(try_allocate(repo)) {}

bool Trash::take(const PathAt& path) {
  if (!os::exists(path)) return false;
  return (dir_.valid() && try_rename(path)) || remove_tree(path);
}

bool Trash::try_rename(const PathAt& path) try {
  // What a killed prune left in the directory has such names too; it is replaced.
  os::rename(path, {dir_.fd(), std::to_string(next_++)});
  return true;
} catch (const Error& error) {
  log_debug("Deleting on the spot: {}", error.what());
  return false;
}

void Trash::sync() const {
  if (dir_.valid()) os::fsync(dir_.fd());
}

void Trash::empty() {
  dir_.remove();
}

}  // namespace xylem::repo
