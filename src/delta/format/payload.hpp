#pragma once

/// \file
/// What is in a part once it is decompressed: `(a(uuu)aa(ayay)ayay)`, two tables, the blob and the
/// operations. Where each begins is told at the very end.

#include "base/random_source.hpp"
#include "object/file_header.hpp"

namespace xylem::delta {

/// How the payload in a part file is compressed: its first byte.
enum class Compression : std::uint8_t { None = 0, Xz = 'x' };
/// Throws Error(Unsupported) for another one.
Compression parse_compression(std::uint8_t byte);

struct PayloadLayout {
  Stretch attributes;
  Stretch xattrs;
  Stretch blob;
  Stretch operations;
  bool operator==(const PayloadLayout&) const = default;
};

/// As much of the end of a payload as its layout can take.
constexpr std::size_t payload_tail_size = 3 * sizeof(std::uint64_t);

/// The layout of a payload of `size` bytes that ends with `tail`: payload_tail_size bytes, or all
/// there are. Throws Error(Corrupt).
PayloadLayout parse_payload_layout(std::uint64_t size, ByteView tail);

/// Looks things up in a payload and keeps nothing of it in memory. All throw Error(Corrupt) for
/// what is not there, or not sound. Thread-safe.
class Payload {
 public:
  /// Borrows `bytes`.
  explicit Payload(const RandomSource& bytes);

  const RandomSource& bytes() const { return bytes_; }
  const PayloadLayout& layout() const { return layout_; }

  std::uint64_t attributes_count() const;
  std::uint64_t xattrs_count() const { return xattrs_count_; }
  /// Owner, mode and extended attributes of a file, by their indexes in the two tables.
  object::FileHeader file_header(std::uint64_t attributes, std::uint64_t xattrs) const;

  /// A stretch of the blob, as one of the payload.
  Stretch in_blob(Stretch stretch) const;
  /// As above, its bytes; throws Error(Corrupt) if they are more than `limit`.
  Bytes read_blob(Stretch stretch, std::uint64_t limit) const;

 private:
  Bytes read(Stretch stretch) const;
  object::Xattrs load_xattrs(std::uint64_t index) const;
  void measure_xattrs();
  std::uint64_t xattrs_end(std::uint64_t index) const;

  const RandomSource& bytes_;
  PayloadLayout layout_;
  std::size_t xattrs_offset_size_ = 1;
  std::uint64_t xattrs_elements_ = 0;  ///< Bytes of the table before its offsets.
  std::uint64_t xattrs_count_ = 0;
};

/// The same written.
struct PayloadTables {
  std::vector<object::FileHeader> attributes;  ///< Only uid, gid and mode are written.
  std::vector<object::Xattrs> xattrs;
};

/// What stands around the blob, which may be too large to have it in memory.
struct PayloadFrame {
  Bytes before;
  Bytes behind;
};
PayloadFrame frame_payload(const PayloadTables& tables, std::uint64_t blob_size,
                           ByteView operations);

struct PayloadContent : PayloadTables {
  Bytes blob;
  Bytes operations;
};
Bytes serialize_payload(const PayloadContent& content);

}  // namespace xylem::delta
