#include "repo/staging/space.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

namespace xylem::repo {

namespace {

constexpr std::uint64_t hundred_percent = 100;

bool reserves_nothing(const MinFreeSpace& reserve) {
  return reserve.bytes.value_or(reserve.percent) == 0;
}

std::uint64_t available_blocks(const os::SpaceLeft& space, bool is_root) {
  return is_root ? space.blocks_free : space.blocks_available;
}

std::string describe(const MinFreeSpace& reserve) {
  if (reserve.bytes) return fmt::format("min-free-space-size of {} bytes", *reserve.bytes);
  return fmt::format("min-free-space-percent of {}%", reserve.percent);
}

std::int64_t clamp_to_signed(std::uint64_t value) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / 2;
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, most));
}

}  // namespace

std::uint64_t usable_blocks(const os::SpaceLeft& space, const MinFreeSpace& reserve, bool is_root) {
  const std::uint64_t free = available_blocks(space, is_root);
  const std::uint64_t reserved =
      reserve.bytes ? *reserve.bytes / std::max<std::uint64_t>(space.block_size, 1)
                    : space.blocks_total / hundred_percent * reserve.percent +
                          space.blocks_total % hundred_percent * reserve.percent / hundred_percent;
  return free > reserved ? free - reserved : 0;
}

std::uint64_t usable_bytes(FileDescriptor dir, const MinFreeSpace& reserve) {
  const os::SpaceLeft space = os::space_left(dir);
  return usable_blocks(space, reserve, ::geteuid() == 0) * space.block_size;
}

std::string how_to_free_space(const std::string& repo_path) {
  return fmt::format(
      "`xylem prune --repo={0}` and `xylem recover --all --repo={0}` free space; a repository on "
      "another file system may have more",
      repo_path);
}

void explain_no_space(Error& error, FileDescriptor dir, std::uint64_t needed) {
  ErrorDetails& details = error.details();
  if (error.kind() != ErrorKind::NoSpace || details.needed_bytes) return;
  details.needed_bytes = needed;
  const os::SpaceLeft space = os::space_left(dir);
  details.available_bytes = space.block_size * available_blocks(space, ::geteuid() == 0);
  error.hint(how_to_free_space(details.path.empty() ? os::path_of(dir) : details.path));
}

SpaceBudget::SpaceBudget(FileDescriptor dir, const MinFreeSpace& reserve)
    : path_(os::path_of(dir)), limit_(describe(reserve)) {
  const os::SpaceLeft space = os::space_left(dir);
  block_size_ = std::max<std::uint64_t>(space.block_size, 1);
  // Without a reserve the file system alone decides.
  blocks_left_ =
      clamp_to_signed(reserves_nothing(reserve) ? std::numeric_limits<std::uint64_t>::max()
                                                : usable_blocks(space, reserve, ::geteuid() == 0));
}

std::uint64_t SpaceBudget::blocks_for(std::uint64_t size) const {
  return size / block_size_ + 1;
}

void SpaceBudget::take(std::uint64_t size) {
  const std::int64_t wanted = clamp_to_signed(blocks_for(size));
  const std::int64_t left = blocks_left_.fetch_sub(wanted);
  if (left >= wanted) return;
  blocks_left_ += wanted;

  ErrorDetails details;
  details.path = path_;
  details.needed_bytes = blocks_for(size) * block_size_;
  details.available_bytes =
      static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)) * block_size_;
  details.hint = how_to_free_space(path_);
  std::string message =
      fmt::format("{} of {} would be exceeded: {} bytes are needed, {} may be used", limit_, path_,
                  *details.needed_bytes, *details.available_bytes);
  throw Error(ErrorKind::NoSpace, std::move(message), std::move(details));
}

void SpaceBudget::require(std::uint64_t size) {
  take(size);
  give_back(size);
}

void SpaceBudget::give_back(std::uint64_t size) noexcept {
  blocks_left_ += clamp_to_signed(blocks_for(size));
}

}  // namespace xylem::repo
