#pragma once

/// \file
/// A file that is read while it is still written.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem {

/// One thread appends to the file and tells of it here; another one reads behind it and waits for
/// what is not there yet. What lies between the two is in the file, so neither holds the other back
/// and no memory is needed for it. Any thread; one at a time reads.
class GrowingFile {
 public:
  /// It is said to have `total` bytes in the end.
  GrowingFile(UniqueFd file, std::uint64_t total) : file_(std::move(file)), total_(total) {}

  /// The first `size` bytes are in the file.
  void grew(std::uint64_t size);
  /// No more bytes will come, and the file is at `where`.
  void complete(PathAt where);
  /// The rest will never come: who reads or waits gets Error(Cancelled).
  void abandon();

  FileDescriptor fd() const { return file_; }
  std::uint64_t total() const { return total_; }
  /// Throws Error(Cancelled) once the file is abandoned.
  void require_wanted() const;
  /// As os::read_at(), but waits for bytes that are not there yet.
  std::size_t read_at(MutableByteView buffer, std::uint64_t offset);
  /// Waits until the file is complete, and returns where it is.
  PathAt wait_complete();

 private:
  void require_rest() const;

  UniqueFd file_;
  std::uint64_t total_;
  mutable std::mutex mutex_;  ///< Protects the next.
  std::condition_variable changed_;
  std::uint64_t size_ = 0;
  std::uint64_t awaited_ = UINT64_MAX;  ///< The reader sleeps until the file has this size.
  std::optional<PathAt> where_;
  bool abandoned_ = false;
};

}  // namespace xylem
