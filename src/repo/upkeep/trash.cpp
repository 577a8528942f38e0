#include "repo/upkeep/trash.hpp"

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "task/parallel.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

TmpDir try_allocate(const Repo& repo) try {
  return make_tmpdir(repo.tmp(), layout::trash_prefix);
} catch (const Error& error) {
  log_info("Deleting in place: {}", error.what());
  return {};
}

}  // namespace

Trash::Trash(const Repo& repo) : dir_(try_allocate(repo)) {}

bool Trash::take(const PathAt& path) {
  return try_take(path) || remove_tree(path);
}

bool Trash::try_take(const PathAt& path) try {
  if (!dir_.valid()) return false;
  os::rename(path, {dir_.fd(), std::to_string(next_++)});
  return true;
} catch (const Error& error) {
  log_debug("Deletion is postponed: {}", error.what());
  return false;
}

void Trash::sync() const {
  if (dir_.valid()) os::fsync(dir_.fd());
}

void Trash::empty() {
  if (!dir_.valid()) return;
  const std::vector<DirEntry> entries = list_directory(dir_.fd());
  const auto remove = [&](std::size_t index) {
    try {
      remove_tree({dir_.fd(), entries[index].name});
    } catch (const Error& error) {
      log_debug("Trying to delete it again: {}", error.what());
    }
  };
  for_each_index(entries.size(), 0, remove, {});
  dir_.remove();
}

}  // namespace xylem::repo
