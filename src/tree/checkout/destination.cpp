#include "tree/checkout/destination.hpp"

#include <fmt/format.h>

#include <dirent.h>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/path.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/random_name.hpp"
#include "repo/locks/tmpdir.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// A name may have 255 bytes, and the lock's is longer than that of the directory.
constexpr std::size_t most_of_leaf = 200;

std::string staging_prefix(const std::string& leaf) {
  return fmt::format(".{}.checkout-", leaf.substr(0, most_of_leaf));
}

/// Directories that nobody may write to are emptied only once their owner may.
void make_writable(const PathAt& path) {
  const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dir.valid()) return;
  os::set_mode(dir, 0700);
  for (const DirEntry& entry : list_directory(dir))
    if (entry.type == DT_DIR) make_writable({dir, entry.name});
}

void remove_checkout(const PathAt& path) {
  if (!os::exists(path)) return;
  make_writable(path);
  remove_tree(path);
}

/// What killed checkouts left of a lock and its directory; either may be there alone.
void remove_abandoned(FileDescriptor parent, const std::string& prefix) try {
  for (const DirEntry& entry : list_directory(parent)) {
    if (!entry.name.starts_with(prefix)) continue;
    std::string name = entry.name;
    if (name.ends_with(repo::layout::lock_suffix))
      name.resize(name.size() - std::string_view(repo::layout::lock_suffix).size());
    const auto lock = repo::TmpDirLock::try_acquire({parent, name});
    if (lock.held()) remove_checkout({parent, name});
  }
} catch (const Error& error) {
  log_warning("What a killed checkout left stays: {}", error.what());
}

}  // namespace

Destination::Destination(const std::string& given) : path_{FileDescriptor::cwd(), given} {
  const std::string path = without_trailing_slashes(given);
  const std::size_t slash = path.rfind('/');
  const std::string leaf = slash == std::string::npos ? path : path.substr(slash + 1);
  if (leaf.empty() || leaf == "." || leaf == ".." || os::exists({FileDescriptor::cwd(), path}))
    return;
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  parent_ = os::try_open_dir({FileDescriptor::cwd(), parent});
  // Without a parent whoever writes finds that out, and says so.
  if (parent_.valid()) stage_beside(leaf);
}

void Destination::stage_beside(const std::string& leaf) {
  const std::string prefix = staging_prefix(leaf);
  remove_abandoned(parent_, prefix);
  constexpr int attempts = 100;
  for (int attempt = 0; attempt < attempts && !lock_.held(); ++attempt) {
    path_ = {parent_, repo::random_name(prefix)};
    lock_ = repo::LockFile::try_acquire({parent_, path_.name + repo::layout::lock_suffix});
    if (lock_.held() && os::exists(path_)) lock_.release();  // somebody else's
  }
  if (!lock_.held())
    throw Error(ErrorKind::Io, "No temporary directory could be made beside " + leaf,
                {.path = os::path_of(parent_)});
  leaf_ = leaf;
}

bool Destination::publish() {
  if (!staged() || !os::exists(path_)) return true;
  if (!os::rename_noreplace(path_, {parent_, leaf_})) return false;
  path_ = {parent_, leaf_};
  lock_.release();
  return true;
}

Destination::~Destination() {
  if (!staged()) return;
  try {
    remove_checkout(path_);
  } catch (const std::exception& error) {
    log_warning("An unfinished checkout stays: {}", error.what());
  }
}

}  // namespace xylem::tree
