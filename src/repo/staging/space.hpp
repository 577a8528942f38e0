#pragma once

/// \file
/// The reserve of free space (`core.min-free-space-*`).

#include <atomic>
#include <cstdint>
#include <string>

#include "base/os/os.hpp"
#include "repo/config/config.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

/// Blocks that may still be used: what is free now less the reserve. Pure.
std::uint64_t usable_blocks(const os::SpaceLeft& space, const MinFreeSpace& reserve, bool is_root);

/// The same in bytes, of the file system of `dir` now. Without a reserve all that is free.
std::uint64_t usable_bytes(FileDescriptor dir, const MinFreeSpace& reserve);

/// What to do about a file system that is full, for hints.
std::string how_to_free_space(const std::string& repo_path);

/// Adds to an Error(NoSpace) of the operating system how many bytes were `needed` and how many are
/// available on the file system of `dir`. Other errors, and what they know already, stay as they
/// are.
void explain_no_space(Error& error, FileDescriptor dir, std::uint64_t needed);

/// Counts down as content objects are written. Thread-safe.
class SpaceBudget {
 public:
  /// Measures the file system of `dir` now.
  SpaceBudget(FileDescriptor dir, const MinFreeSpace& reserve);
  /// Takes what a file of `size` bytes needs. Throws Error(NoSpace) with path, needed and available
  /// bytes if it would eat into the reserve.
  void take(std::uint64_t size);
  /// Throws as take() if there is not so much left. Takes nothing.
  void require(std::uint64_t size);
  /// Gives it back: the object was there already.
  void give_back(std::uint64_t size) noexcept;

 private:
  std::uint64_t blocks_for(std::uint64_t size) const;

  std::string path_;
  std::string limit_;  ///< For the message: "min-free-space-percent '3%'".
  std::uint64_t block_size_;
  std::atomic<std::int64_t> blocks_left_;
};

}  // namespace xylem::repo
