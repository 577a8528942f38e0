#include "cancelled_pull.hpp"

#include <future>
#include <stdexcept>
#include <thread>

#include "pull/session.hpp"

namespace xylem::test {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class CancelledPull::Watcher : public PullObserver {
 public:
  explicit Watcher(std::atomic<bool>& receives) : receives_(receives) {}
  void on_progress(const PullProgress& progress) override {
    if (progress.bytes_transferred > 0) receives_ = true;
  }

 private:
  std::atomic<bool>& receives_;
};

namespace {

void wait_for(const std::function<bool()>& reached, const std::future<void>& pull) {
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (!reached()) {
    if (Clock::now() > deadline) throw std::runtime_error("the pull did not come this far");
    if (pull.wait_for(milliseconds(2)) == std::future_status::ready)
      throw std::runtime_error("the pull has ended");
  }
}

void expect_cancelled(std::future<void>& pull) {
  try {
    pull.get();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) return;
    throw std::runtime_error(std::string("not cancelled: ") + error.what());
  }
  throw std::runtime_error("the pull did not fail");
}

}  // namespace

milliseconds CancelledPull::run(const std::function<bool()>& reached) {
  options.remote = "origin";
  options.refs = {os_ref};
  options.update_frequency = milliseconds(5);
  Watcher watcher(receives_);
  std::future<void> pull = std::async(std::launch::async, [&] {
    repo::Repo repo = repo::Repo::open(target_.path());
    pull::run(repo, options, &watcher, source_.token());
  });
  try {
    wait_for(reached, pull);
  } catch (...) {
    source_.cancel();
    throw;
  }
  const auto cancelled = Clock::now();
  source_.cancel();
  expect_cancelled(pull);
  return std::chrono::ceil<milliseconds>(Clock::now() - cancelled);
}

}  // namespace xylem::test
