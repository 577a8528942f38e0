#include "base/os/growing_file.hpp"

#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem {

namespace {

/// Who has caught up sleeps until there is so much more: waking costs more than a few bytes.
constexpr std::uint64_t least_growth = 1U << 20;

}  // namespace

void GrowingFile::grew(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  size_ = size;
  if (size_ >= awaited_) changed_.notify_one();
}

void GrowingFile::complete(PathAt where) {
  const std::lock_guard lock(mutex_);
  where_ = std::move(where);
  changed_.notify_all();
}

void GrowingFile::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

void GrowingFile::require_wanted() const {
  const std::lock_guard lock(mutex_);
  require_rest();
}

void GrowingFile::require_rest() const {
  if (abandoned_)
    throw Error(ErrorKind::Cancelled, "The writer of the file ended before the file was complete");
}

std::size_t GrowingFile::read_at(MutableByteView buffer, std::uint64_t offset) {
  const std::uint64_t end = offset + buffer.size();
  {
    std::unique_lock lock(mutex_);
    if (size_ < end) {
      awaited_ = end + least_growth;
      changed_.wait(lock, [&] { return size_ >= awaited_ || where_ || abandoned_; });
      awaited_ = UINT64_MAX;
    }
    require_rest();
  }
  return os::read_at(file_, buffer, offset);
}

PathAt GrowingFile::wait_complete() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return where_ || abandoned_; });
  require_rest();
  return *where_;
}

}  // namespace xylem
