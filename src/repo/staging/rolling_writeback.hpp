#pragma once

/// \file
/// Keeps the disk busy while objects are staged, so that the barrier at the end is short. Only an
/// optimisation: it promises nothing, and what goes wrong is left for the barrier to find.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/os/fd.hpp"

namespace xylem::repo {

/// Flushes a file system now and then, on a thread of its own that is started when there is
/// something to flush. Thread-safe. The destructor waits for a flush that runs.
class RollingWriteback {
 public:
  /// Bytes between two flushes.
  static constexpr std::uint64_t interval = 128U << 20;

  /// Of the file system of `dir`, which is borrowed.
  explicit RollingWriteback(FileDescriptor dir) : dir_(dir) {}

  /// So many bytes were written to one file.
  void wrote(std::uint64_t bytes);

 private:
  void start_flush();
  void run(const std::stop_token& stop);

  FileDescriptor dir_;
  std::atomic<std::uint64_t> pending_ = 0;
  std::mutex mutex_;  ///< Protects the next.
  bool due_ = false;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace xylem::repo
