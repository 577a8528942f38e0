#pragma once

#include <array>
#include <atomic>

#include "object/names/object_name.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"

namespace xylem::repo {

/// The directories `ab/` of a staging directory, made with the permissions that they have in
/// `objects/`, to which they may move as a whole. Thread-safe but for close_to_others().
class ObjectDirs {
 public:
  /// Both are borrowed.
  ObjectDirs(FileDescriptor staging, FileDescriptor objects);

  /// Of the file system that they are on.
  dev_t device() const { return device_; }
  /// Who may change what is staged.
  const Keepers& keepers() const { return keepers_; }
  /// Makes the directory of an object if it is missing.
  void make(const object::ObjectName& name);
  /// From now on nobody else can enter the staging directory. Directories in it that others own or
  /// may write to are removed: what was hashed there may be something else now.
  void close_to_others();
  /// Nobody else could ever enter it: what is in it was put there by us.
  bool always_private() const { return always_private_; }

 private:
  FileDescriptor staging_;
  dev_t device_;
  Keepers keepers_;
  mode_t mode_;
  bool always_private_ = true;
  std::array<std::atomic<bool>, layout::prefixes> made_{};
};

}  // namespace xylem::repo
