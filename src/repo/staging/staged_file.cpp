#include "repo/staging/staged_file.hpp"

#include <cerrno>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_link.hpp"
#include "repo/locks/lock_file.hpp"

namespace xylem::repo {

StagedFile StagedFile::create(StagingArea& area) {
  // Nobody can open what has no name, so it may begin with the mode that most have in the end.
  UniqueFd nameless = area.try_open_nameless(plain_object_mode);
  if (nameless.valid()) return {area, std::nullopt, std::move(nameless)};
  PathAt path = area.temporary();
  UniqueFd fd = os::open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  return {area, std::move(path), std::move(fd)};
}

StagedFile StagedFile::create_symlink(StagingArea& area, std::string_view target) {
  PathAt path = area.temporary();
  os::symlink(target, path);
  return {area, std::move(path), {}};
}

StagedFile StagedFile::take_over(StagingArea& area, const PathAt& original, UniqueFd fd) {
  PathAt path = area.temporary();
  // What is open gets the name, and not what others may have put at the old one meanwhile.
  if (os::try_link_fd(fd, path) == 0) {
    os::unlink(original);
  } else {
    os::rename(original, path);
    if (!is_named(fd, path)) os::fail(ESTALE, "Taking over", os::path_of(original));
  }
  return {area, std::move(path), std::move(fd)};
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : area_(other.area_),
      path_(std::exchange(other.path_, std::nullopt)),
      fd_(std::move(other.fd_)) {}

StagedFile::~StagedFile() {
  if (!path_) return;
  try {
    os::unlink(*path_);
  } catch (const std::exception& error) {
    log_warning("A temporary file could not be removed: {}", error.what());
  }
}

bool StagedFile::place(const object::ObjectName& name) {
  // Only a rename replaces.
  if (!path_ && name.type == object::ObjectType::CommitMeta) take_temporary_name();
  const bool placed = path_ ? area_->place(*path_, name) : area_->place(fd_, name);
  if (placed) path_.reset();
  return placed;
}

void StagedFile::take_temporary_name() {
  PathAt path = area_->temporary();
  if (!os::link_fd(fd_, path)) os::fail(EEXIST, "Creating", os::path_of(path));
  path_ = std::move(path);
}

}  // namespace xylem::repo
