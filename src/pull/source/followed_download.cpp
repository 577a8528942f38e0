#include "pull/source/followed_download.hpp"

#include <algorithm>
#include <thread>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "task/thread_policy.hpp"

namespace xylem::pull {

namespace {

/// Less is read no earlier than it is complete (base/growing_file).
constexpr std::uint64_t least_size = 2U << 20;

/// They mostly wait, for the network or for each other.
unsigned most_followers() {
  return std::max(2U, std::thread::hardware_concurrency());
}

}  // namespace

/// A thread that imports one file.
class FollowedDownload::Follower {
 public:
  Follower(std::atomic<unsigned>& running, UniqueFd fd, std::uint64_t total, const Import& import)
      : running_(running),
        file_(std::move(fd), total),
        imported_(std::async(std::launch::async, [this, &import] {
          compute_without_preempting();
          import(file_);
        })) {
    ++running_;
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower() {
    file_.abandon();
    if (imported_.valid()) imported_.wait();
    --running_;
  }

  void grew(std::uint64_t size) { file_.grew(size); }
  void finish(const PathAt& where) {
    file_.complete(where);
    imported_.get();
  }

 private:
  std::atomic<unsigned>& running_;
  GrowingFile file_;
  std::future<void> imported_;
};

FollowedDownload::FollowedDownload(std::atomic<unsigned>& running, Import import, Reserve reserve)
    : running_(running), import_(std::move(import)), reserve_(std::move(reserve)) {}

FollowedDownload::~FollowedDownload() = default;

void FollowedDownload::announced(std::uint64_t more) {
  space_.reset();  // what an earlier try has taken
  if (reserve_) space_ = reserve_(more);
}

void FollowedDownload::goes_to(FileDescriptor file, std::uint64_t size,
                               std::uint64_t total) noexcept {
  if (follower_ || total < least_size || running_ >= most_followers()) return;
  try {
    follower_ = std::make_unique<Follower>(running_, os::duplicate(file), total, import_);
    follower_->grew(size);
  } catch (const std::exception& error) {
    log_debug("A download is imported once it is complete: {}", error.what());
  }
}

void FollowedDownload::grew(std::uint64_t size) noexcept {
  if (follower_) follower_->grew(size);
}

void FollowedDownload::starts_over() noexcept {
  follower_.reset();
}

void FollowedDownload::keep_space() noexcept {
  if (space_) space_->keep();
}

bool FollowedDownload::finish(const PathAt& where) {
  const auto follower = std::move(follower_);
  if (!follower) return false;
  follower->finish(where);
  return true;
}

}  // namespace xylem::pull
