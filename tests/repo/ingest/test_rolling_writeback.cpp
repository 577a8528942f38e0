#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

#include "base/os/os_observer.hpp"
#include "repo/staging/rolling_writeback.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using repo::RollingWriteback;

namespace {

/// Counts flushes of file systems, and can fail them.
class Flushes : public os::Observer {
 public:
  explicit Flushes(bool fail = false) : fail_(fail) {}

  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation != os::Operation::SyncFileSystem) return real();
    {
      const std::lock_guard lock(mutex_);
      ++count_;
    }
    changed_.notify_all();
    if (!fail_) return 0;
    errno = EIO;
    return -1;
  }

  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  bool wait_for(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return count_ >= count; });
  }

 private:
  bool fail_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("the file system is flushed each time when enough was written") {
  const test::TempDir dir;
  Flushes flushes;
  const os::ObserverScope scope(flushes);
  RollingWriteback writeback(dir.fd());
  writeback.wrote(RollingWriteback::interval / 2);
  CHECK(flushes.count() == 0);
  writeback.wrote(RollingWriteback::interval / 2);
  CHECK(flushes.wait_for(1));
  writeback.wrote(RollingWriteback::interval);
  CHECK(flushes.wait_for(2));
}

TEST_CASE("little files count for more than their bytes") {
  const test::TempDir dir;
  Flushes flushes;
  const os::ObserverScope scope(flushes);
  RollingWriteback writeback(dir.fd());
  for (int file = 0; file < 40'000; ++file) writeback.wrote(1);
  CHECK(flushes.wait_for(1));
}

TEST_CASE("a flush that fails is left to the barrier") {
  const test::TempDir dir;
  Flushes flushes(true);
  const os::ObserverScope scope(flushes);
  RollingWriteback writeback(dir.fd());
  writeback.wrote(RollingWriteback::interval);
  CHECK(flushes.wait_for(1));
  CHECK_NOTHROW(writeback.wrote(RollingWriteback::interval));
}
