#pragma once

#include "delta/delta_data.hpp"
#include "delta/format/operations.hpp"

namespace xylem::test {

/// Writes a part, sound or not, operation by operation.
class PartBuilder {
 public:
  /// Index of owner, mode or attributes like these.
  std::uint64_t attributes(const object::FileHeader& header);
  std::uint64_t xattrs(const object::FileHeader& header);
  /// Where the bytes are in the blob.
  Stretch blob(ByteView bytes);
  PartBuilder& add(const delta::Operation& operation);
  /// Any bytes where operations should be.
  PartBuilder& add_raw(ByteView bytes);
  PartBuilder& list(const object::ObjectName& name);
  PartBuilder& list_file(const Checksum& file);

  /// A file that is in the blob as a whole, and a dirtree or dirmeta.
  Checksum splice(const object::FileHeader& header, ByteView content);
  Checksum splice_metadata(object::ObjectType type, ByteView bytes);
  /// `r` for this file.
  PartBuilder& read_from(const Checksum& file);
  PartBuilder& open(const object::FileHeader& header, std::uint64_t size);
  /// `B` with a patch of these records and bytes.
  PartBuilder& patch(ByteView patch);

  Bytes payload() const { return delta::serialize_payload(content_); }
  /// Without checksum and size of a file.
  const delta::PartHeader& header() const { return header_; }
  /// Of the payload compressed as `file`.
  delta::PartHeader header_of(ByteView file) const;

 private:
  delta::PayloadContent content_;
  delta::PartHeader header_;
};

}  // namespace xylem::test
