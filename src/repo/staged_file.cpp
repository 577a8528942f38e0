#include "repo/staged_file.hpp"

#include "base/log.hpp"
#include "base/os.hpp"

namespace xylem::repo {

StagedFile StagedFile::create(StagingArea& area) {
  PathAt path = area.temporary();
  UniqueFd fd = os::open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
  StagedFile file(area, std::move(path));
  file.fd_ = std::move(fd);
  return file;
}

StagedFile StagedFile::create_symlink(StagingArea& area, std::string_view target) {
  PathAt path = area.temporary();
  os::symlink(target, path);
  return {area, std::move(path)};
}

StagedFile StagedFile::take_over(StagingArea& area, const PathAt& original, UniqueFd fd) {
  PathAt path = area.temporary();
  os::rename(original, path);
  StagedFile file(area, std::move(path));
  file.fd_ = std::move(fd);
  return file;
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : area_(std::exchange(other.area_, nullptr)),
      path_(std::move(other.path_)),
      fd_(std::move(other.fd_)) {}

StagedFile::~StagedFile() {
  if (area_ == nullptr) return;
  try {
    os::unlink(path_);
  } catch (const std::exception& error) {
    log_warning("A temporary file stays: {}", error.what());
  }
}

bool StagedFile::place(const object::ObjectName& name) {
  if (!area_->place(path_, name)) return false;
  area_ = nullptr;
  return true;
}

}  // namespace xylem::repo
