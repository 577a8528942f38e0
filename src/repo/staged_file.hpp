#pragma once

/// \file
/// The one recipe by which bytes become a staged object: a temporary name, then content, then a
/// check, then owner, mode and attributes, and the object's name last.

#include "repo/staging_area.hpp"

namespace xylem::repo {

/// A file or symlink under a temporary name. The destructor removes it unless it was placed.
class StagedFile {
 public:
  /// An empty regular file, open for reading and writing, for nobody else to see.
  static StagedFile create(StagingArea& area);
  static StagedFile create_symlink(StagingArea& area, std::string_view target);
  /// Takes over an existing file, open as `fd`, by renaming it; it must be on the same file system.
  static StagedFile take_over(StagingArea& area, const PathAt& file, UniqueFd fd);

  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  FileDescriptor fd() const { return fd_; }  ///< Invalid for a symlink.
  const PathAt& path() const { return path_; }

  /// Gives it the object's name. False if the transaction has that object already: see
  /// StagingArea::place().
  bool place(const object::ObjectName& name);

 private:
  StagedFile(StagingArea& area, PathAt path) : area_(&area), path_(std::move(path)) {}

  StagingArea* area_;  ///< Null once there is nothing to remove.
  PathAt path_;
  UniqueFd fd_;
};

}  // namespace xylem::repo
