#include "delta/format/operations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "delta/format/limits.hpp"
#include "object/variant/varint.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

using object::append_varint;
using object::take_varint;

namespace {

enum Code : std::uint8_t {
  splice = 'S',
  open_file = 'o',
  write = 'w',
  set_read_source = 'r',
  unset_read_source = 'R',
  close_file = 'c',
  apply_patch = 'B',
};

Stretch take_length_and_offset(ByteView& bytes) {
  const std::uint64_t length = take_varint(bytes);
  return {take_varint(bytes), length};
}

/// Only patches have it so.
Stretch take_offset_and_length(ByteView& bytes) {
  const std::uint64_t offset = take_varint(bytes);
  return {offset, take_varint(bytes)};
}

Operation take_splice(ByteView& bytes, std::optional<object::ObjectType> next) {
  if (!next)
    throw Error(ErrorKind::Corrupt, "The operations make more objects than the part lists");
  if (object::is_metadata(*next)) return SpliceMetadata{take_length_and_offset(bytes)};
  const std::uint64_t attributes = take_varint(bytes);
  const std::uint64_t xattrs = take_varint(bytes);
  return SpliceFile{attributes, xattrs, take_length_and_offset(bytes)};
}

Operation take_open(ByteView& bytes) {
  const std::uint64_t attributes = take_varint(bytes);
  const std::uint64_t xattrs = take_varint(bytes);
  return OpenFile{attributes, xattrs, take_varint(bytes)};
}

void append_all(Bytes& bytes, Code code, std::initializer_list<std::uint64_t> numbers) {
  bytes.push_back(code);
  for (const std::uint64_t number : numbers) append_varint(bytes, number);
}

/// Appends the operation that it is given.
class Appender {
 public:
  explicit Appender(Bytes& bytes) : bytes_(bytes) {}

  void operator()(const SpliceMetadata& op) const {
    append_all(bytes_, splice, {op.content.size, op.content.offset});
  }
  void operator()(const SpliceFile& op) const {
    append_all(bytes_, splice, {op.attributes, op.xattrs, op.content.size, op.content.offset});
  }
  void operator()(const OpenFile& op) const {
    append_all(bytes_, open_file, {op.attributes, op.xattrs, op.size});
  }
  void operator()(const Write& op) const {
    append_all(bytes_, write, {op.content.size, op.content.offset});
  }
  void operator()(const SetReadSource& op) const {
    append_all(bytes_, set_read_source, {op.offset});
  }
  void operator()(const UnsetReadSource&) const { append_all(bytes_, unset_read_source, {}); }
  void operator()(const CloseFile&) const { append_all(bytes_, close_file, {}); }
  void operator()(const ApplyPatch& op) const {
    append_all(bytes_, apply_patch, {op.patch.offset, op.patch.size});
  }

 private:
  Bytes& bytes_;
};

}  // namespace

Operation take_operation(ByteView& bytes, std::optional<object::ObjectType> next) {
  if (bytes.empty()) throw Error(ErrorKind::Corrupt, "There is no operation");
  const std::uint8_t code = bytes.front();
  bytes = bytes.subspan(1);
  switch (code) {
    case splice:
      return take_splice(bytes, next);
    case open_file:
      return take_open(bytes);
    case write:
      return Write{take_length_and_offset(bytes)};
    case set_read_source:
      return SetReadSource{take_varint(bytes)};
    case unset_read_source:
      return UnsetReadSource{};
    case close_file:
      return CloseFile{};
    case apply_patch:
      return ApplyPatch{take_offset_and_length(bytes)};
    default:
      throw Error(ErrorKind::Corrupt, fmt::format("Unknown operation 0x{:02x}", code));
  }
}

void append_operation(Bytes& bytes, const Operation& operation) {
  std::visit(Appender(bytes), operation);
}

OperationReader::OperationReader(const RandomSource& payload, Stretch operations)
    : source_(payload, operations), buffer_(buffer_size_for(operations.size)) {}

std::optional<Operation> OperationReader::next(std::optional<object::ObjectType> object) {
  if (rest_.size() < max_operation_size) refill();
  if (rest_.empty()) return std::nullopt;
  ++count_;
  return take_operation(rest_, object);
}

/// Moves the rest to the front and fills up behind it.
void OperationReader::refill() {
  const std::size_t kept = rest_.size();
  std::copy(rest_.begin(), rest_.end(), buffer_.begin());
  const std::size_t count = source_.read(MutableByteView(buffer_).subspan(kept));
  rest_ = ByteView(buffer_).first(kept + count);
}

}  // namespace xylem::delta
