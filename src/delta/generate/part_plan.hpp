#pragma once

#include <map>
#include <variant>

#include "delta/format/operations.hpp"
#include "delta/format/payload.hpp"
#include "delta/format/superblock.hpp"
#include "delta/match/encoding.hpp"
#include "delta/match/new_objects.hpp"

namespace xylem::delta {

/// Bytes of the blob, by where they come from.
struct FileBytes {
  Checksum file;
  std::vector<Stretch> places;  ///< In its content, ascending.
};
struct ScratchBytes {
  Stretch place;
};
using BlobSegment = std::variant<Bytes, object::ObjectName, FileBytes, ScratchBytes>;

/// A part before anything of it is read: its objects, its operations, and where the bytes of its
/// blob are to be taken from.
class PartPlan {
 public:
  void add_metadata(const object::ObjectName& name, std::uint64_t size);
  void add_link(const NewFile& link);
  void add_file(const NewFile& file, const Plain& encoding);
  void add_file(const NewFile& file, const Copies& encoding);
  void add_file(const NewFile& file, const Patch& encoding);

  bool empty() const { return header_.objects.empty(); }
  std::uint64_t blob_size() const { return blob_size_; }
  /// Its objects and their sizes; nothing of the file.
  const PartHeader& header() const { return header_; }
  const std::vector<BlobSegment>& blob() const { return blob_; }
  /// What is around the blob.
  PayloadFrame frame() const;

 private:
  Stretch append(BlobSegment segment, std::uint64_t size);
  Stretch append_checksum(const Checksum& checksum);
  std::uint64_t attributes(const object::FileHeader& header);
  std::uint64_t xattrs(const object::FileHeader& header);
  void list(const NewFile& file);
  void open(const NewFile& file);
  void add(const Operation& operation) { append_operation(operations_, operation); }

  PartHeader header_;
  PayloadTables tables_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint64_t> attributes_;
  std::map<object::Xattrs, std::uint64_t> xattrs_;
  std::vector<BlobSegment> blob_;
  std::uint64_t blob_size_ = 0;
  Bytes operations_;
};

/// How many bytes of a blob the file takes.
std::uint64_t blob_bytes(const NewFile& file, const Encoding& encoding);

}  // namespace xylem::delta
