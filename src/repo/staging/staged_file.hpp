#pragma once

/// \file
/// The one recipe by which bytes become a staged object: no name, or a temporary one, then content,
/// then a check, then owner, mode and attributes, and the object's name last. A file without a name
/// spares the rename from one directory to another, which locks the whole file system.

#include <optional>

#include "repo/staging/staging_area.hpp"

namespace xylem::repo {

/// Mode of archived content and of metadata objects; most other content has it, too.
constexpr mode_t plain_object_mode = 0644;

/// A file or symlink that is no object yet. The destructor removes it unless it was placed.
class StagedFile {
 public:
  /// An empty regular file, open for reading and writing, for nobody else to open.
  static StagedFile create(StagingArea& area);
  static StagedFile create_symlink(StagingArea& area, std::string_view target);
  /// Takes over an existing file, open as `fd`, and removes its old name; it must be on the same
  /// file system.
  static StagedFile take_over(StagingArea& area, const PathAt& file, UniqueFd fd);

  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  FileDescriptor fd() const { return fd_; }  ///< Invalid for a symlink.
  /// The temporary name; symlinks have one. Throws std::bad_optional_access without.
  const PathAt& path() const { return path_.value(); }

  /// Gives it the object's name. False if the transaction has that object already: see
  /// StagingArea::place().
  bool place(const object::ObjectName& name);

 private:
  StagedFile(StagingArea& area, std::optional<PathAt> path, UniqueFd fd)
      : area_(&area), path_(std::move(path)), fd_(std::move(fd)) {}
  void take_temporary_name();

  StagingArea* area_;
  std::optional<PathAt> path_;  ///< Of what is to be removed.
  UniqueFd fd_;
};

}  // namespace xylem::repo
