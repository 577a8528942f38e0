#include "repo/disk/inode_trust.hpp"

#include <unistd.h>

#include "base/os/os.hpp"

namespace xylem::repo {

std::optional<gid_t> shared_group(const struct stat& dir) {
  const bool shared = (dir.st_mode & S_IWGRP) != 0 && (dir.st_mode & S_IWOTH) == 0;
  return shared ? std::make_optional(dir.st_gid) : std::nullopt;
}

Keepers keepers_of(FileDescriptor objects) {
  Keepers keepers = only_us();
  keepers.group = shared_group(os::stat(objects));
  return keepers;
}

Keepers only_us() {
  return {.user = ::geteuid(), .own_group = ::getegid(), .group = std::nullopt};
}

/// An access list that lets others write shows in the bits of the group.
bool only_keepers_write(const struct stat& inode, const Keepers& keepers) {
  const bool shared = keepers.group == inode.st_gid;
  const bool owner_is_keeper = inode.st_uid == keepers.user || inode.st_uid == 0;
  return owner_is_keeper && (inode.st_mode & S_IWOTH) == 0 &&
         ((inode.st_mode & S_IWGRP) == 0 || shared);
}

bool may_trust(const struct stat& inode, const Keepers& keepers, mode_t by_design) {
  if (!S_ISREG(inode.st_mode)) return false;
  const bool for_our_group = (by_design & S_IWGRP) != 0 && inode.st_gid == keepers.own_group;
  struct stat without = inode;
  if (for_our_group) without.st_mode &= ~static_cast<mode_t>(S_IWGRP);
  return only_keepers_write(without, keepers);
}

bool may_stay(const struct stat& inode, const Keepers& keepers, mode_t by_design) {
  struct stat published = inode;
  if (keepers.group == inode.st_gid) published.st_uid = keepers.user;
  return may_trust(published, keepers, by_design);
}

}  // namespace xylem::repo
