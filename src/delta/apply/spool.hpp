#pragma once

/// \file
/// Keeps a stream so that any stretch of it can be read.

#include "base/os/fd.hpp"
#include "base/random_source.hpp"

namespace xylem::delta {

struct SpoolOptions {
  /// Where larger ones go, into a file without a name: nobody else sees it, and nothing is left if
  /// the process dies. Borrowed.
  FileDescriptor dir;
  std::uint64_t memory = default_memory;  ///< So many bytes stay in memory.

  /// Most payloads of small updates.
  static constexpr std::uint64_t default_memory = 4ULL << 20;
};

/// Bytes in memory, or in a file once they are too many. Appending is for one thread, and comes
/// before reading.
class Spool : public RandomSource {
 public:
  explicit Spool(const SpoolOptions& options) : options_(options) {}

  /// Throws Error(NoSpace) or Error(Io).
  void append(ByteView bytes);
  /// All that is left of `source`.
  void append_all(ByteSource& source);
  bool in_memory() const { return !file_.valid(); }

  std::uint64_t size() const override { return size_; }
  void read_at(MutableByteView buffer, std::uint64_t offset) const override;

 private:
  void move_to_file();

  SpoolOptions options_;
  std::uint64_t size_ = 0;
  Bytes memory_;
  UniqueFd file_;
};

}  // namespace xylem::delta
