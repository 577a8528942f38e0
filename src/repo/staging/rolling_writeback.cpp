#include "repo/staging/rolling_writeback.hpp"

#include "base/log.hpp"
#include "base/os/os.hpp"

namespace xylem::repo {

namespace {

/// What a file costs the disk besides its bytes: its inode, its names, the end of its last block.
constexpr std::uint64_t file_overhead = 4096;

}  // namespace

void RollingWriteback::wrote(std::uint64_t bytes) {
  const std::uint64_t cost = bytes + file_overhead;
  if (pending_.fetch_add(cost) + cost < interval) return;
  pending_ = 0;
  start_flush();
}

void RollingWriteback::start_flush() {
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
    if (!thread_.joinable())
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  wake_.notify_one();
}

void RollingWriteback::run(const std::stop_token& stop) try {
  // A descriptor of its own: the barrier must see for itself, on its own, what went wrong.
  const UniqueFd own = os::open_dir({dir_, "."});
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return due_; })) return;
      due_ = false;
    }
    os::syncfs(own);
  }
} catch (const std::exception& error) {
  log_debug("Early writeback is off: {}", error.what());
}

}  // namespace xylem::repo
