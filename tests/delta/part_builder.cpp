#include "delta/part_builder.hpp"

#include "base/codec/sha256.hpp"
#include "delta/memory_store.hpp"

namespace xylem::test {

using namespace delta;
using object::FileHeader;
using object::ObjectType;

std::uint64_t PartBuilder::attributes(const FileHeader& header) {
  content_.attributes.push_back(header);
  return content_.attributes.size() - 1;
}

std::uint64_t PartBuilder::xattrs(const FileHeader& header) {
  content_.xattrs.push_back(header.xattrs);
  return content_.xattrs.size() - 1;
}

Stretch PartBuilder::blob(ByteView bytes) {
  const Stretch stretch{content_.blob.size(), bytes.size()};
  content_.blob.insert(content_.blob.end(), bytes.begin(), bytes.end());
  return stretch;
}

PartBuilder& PartBuilder::add(const Operation& operation) {
  append_operation(content_.operations, operation);
  return *this;
}

PartBuilder& PartBuilder::add_raw(ByteView bytes) {
  content_.operations.insert(content_.operations.end(), bytes.begin(), bytes.end());
  return *this;
}

PartBuilder& PartBuilder::list(const object::ObjectName& name) {
  header_.objects.push_back(name);
  return *this;
}

PartBuilder& PartBuilder::list_file(const Checksum& file) {
  return list({file, ObjectType::File});
}

Checksum PartBuilder::splice(const FileHeader& header, ByteView content) {
  const Checksum name = checksum_of(header, header.is_symlink() ? ByteView() : content);
  list_file(name);
  const std::uint64_t attributes_at = attributes(header);
  const std::uint64_t xattrs_at = xattrs(header);
  add(SpliceFile{attributes_at, xattrs_at, blob(content)});
  return name;
}

Checksum PartBuilder::splice_metadata(ObjectType type, ByteView bytes) {
  const Checksum name = sha256(bytes);
  list({name, type});
  add(SpliceMetadata{blob(bytes)});
  return name;
}

PartBuilder& PartBuilder::read_from(const Checksum& file) {
  return add(SetReadSource{blob(file.bytes()).offset});
}

PartBuilder& PartBuilder::open(const FileHeader& header, std::uint64_t size) {
  const std::uint64_t attributes_at = attributes(header);
  return add(OpenFile{attributes_at, xattrs(header), size});
}

PartBuilder& PartBuilder::patch(ByteView patch) {
  return add(ApplyPatch{blob(patch)});
}

PartHeader PartBuilder::header_of(ByteView file) const {
  PartHeader header = header_;
  header.size = file.size();
  header.checksum = sha256(file);
  return header;
}

}  // namespace xylem::test
