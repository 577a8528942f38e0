#pragma once

/// \file
/// Hashes content while somebody else reads it.

#include "base/stream.hpp"
#include "object/file_header.hpp"
#include "xylem/cancel.hpp"

namespace xylem::repo {

/// Passes `content` on unchanged. Throws Error(Corrupt) unless it has exactly `size` bytes, and
/// Error(Cancelled) in the middle when asked to.
class HashingSource : public ByteSource {
 public:
  /// `content` is borrowed.
  HashingSource(ByteSource& content, const object::FileHeader& header, std::uint64_t size,
                CancelToken cancel = {});
  std::size_t read(MutableByteView buffer) override;

  /// Reads what is left, and returns the checksum that header and content have together.
  Checksum read_to_end();

 private:
  ByteSource& content_;
  object::FileHash hash_;
  std::uint64_t size_;
  std::uint64_t seen_ = 0;
  bool ended_ = false;
  CancelToken cancel_;
};

/// Checksum of a content object that is in memory as a whole.
Checksum hash_content(const object::FileHeader& header, ByteView content);

}  // namespace xylem::repo
