#include "object/variant/framing.hpp"

#include <algorithm>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::object::framing {

namespace {

constexpr std::size_t largest_with_1 = 0xff;
constexpr std::size_t largest_with_2 = 0xffff;
constexpr std::size_t largest_with_4 = 0xffffffff;

[[noreturn]] void refuse() {
  throw Error(ErrorKind::Corrupt, "The bytes are damaged: not a GVariant in normal form");
}

/// Width that `count` offsets have behind a body of this size: the smallest that will do.
std::size_t offset_size_behind(std::size_t body_size, std::size_t count) {
  for (const std::size_t size : {1U, 2U, 4U})
    if (offset_size_in(body_size + count * size) <= size) return size;
  return 8;
}

void append_little_endian(Bytes& bytes, std::size_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

std::size_t offset_size_in(std::uint64_t container_size) {
  if (container_size <= largest_with_1) return 1;
  if (container_size <= largest_with_2) return 2;
  return container_size <= largest_with_4 ? 4 : 8;
}

std::uint64_t read_offset(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

void split_tuple(ByteView tuple, std::size_t fixed_size, std::span<ByteView> children) {
  const std::size_t offsets = children.size() - 1;
  const std::size_t offset_size = offset_size_in(tuple.size());
  if (tuple.empty() || tuple.size() < fixed_size + offsets * offset_size) refuse();
  const std::size_t body_size = tuple.size() - offsets * offset_size;
  if (offset_size_behind(body_size, offsets) != offset_size) refuse();

  std::size_t start = fixed_size;
  for (std::size_t i = 0; i < children.size(); ++i) {
    // Offsets stand in reverse order; the last child ends where they begin and has none.
    std::size_t end = body_size;
    if (i < offsets) end = read_offset(tuple.last((i + 1) * offset_size).first(offset_size));
    if (end < start || end > body_size) refuse();
    children[i] = tuple.subspan(start, end - start);
    start = end;
  }
}

ArrayReader::ArrayReader(ByteView array) : array_(array) {
  if (array.empty()) return;
  offset_size_ = offset_size_in(array.size());
  if (array.size() < offset_size_) refuse();
  // The end of the last element is also where the offsets begin.
  elements_size_ = read_offset(array.last(offset_size_));
  if (elements_size_ >= array.size()) refuse();
  const std::size_t offsets_size = array.size() - elements_size_;
  count_ = offsets_size / offset_size_;
  if (offsets_size % offset_size_ != 0 ||
      offset_size_behind(elements_size_, count_) != offset_size_)
    refuse();
}

std::size_t ArrayReader::end_of(std::size_t index) const {
  return read_offset(array_.subspan(elements_size_ + index * offset_size_, offset_size_));
}

ByteView ArrayReader::operator[](std::size_t index) const {
  const std::size_t start = index == 0 ? 0 : end_of(index - 1);
  const std::size_t end = end_of(index);
  if (start > end || end > elements_size_) refuse();
  return array_.subspan(start, end - start);
}

std::string_view terminated(ByteView bytes) {
  const std::string_view all = as_text(bytes);
  if (all.empty() || all.find('\0') != all.size() - 1) refuse();
  return all.substr(0, all.size() - 1);
}

std::string_view text(ByteView bytes) {
  const std::string_view result = terminated(bytes);
  if (!is_utf8(result)) refuse();
  return result;
}

std::uint32_t be32(ByteView bytes, std::size_t position) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.subspan(position, 4)) value = value << 8 | byte;
  return value;
}

std::uint64_t be64(ByteView bytes, std::size_t position) {
  return std::uint64_t{be32(bytes, position)} << 32 | be32(bytes, position + 4);
}

void append(Bytes& bytes, ByteView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_be32(Bytes& bytes, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append_be64(Bytes& bytes, std::uint64_t value) {
  append_be32(bytes, static_cast<std::uint32_t>(value >> 32));
  append_be32(bytes, static_cast<std::uint32_t>(value));
}

void append_text(Bytes& bytes, std::string_view text) {
  require_utf8(text);
  append(bytes, as_bytes(text));
  bytes.push_back(0);
}

void end_tuple(Bytes& bytes, std::size_t start, std::initializer_list<std::size_t> ends) {
  const std::size_t size = offset_size_behind(bytes.size() - start, ends.size());
  for (auto end = std::rbegin(ends); end != std::rend(ends); ++end)
    append_little_endian(bytes, *end - start, size);
}

void append_tuple_ends(Bytes& bytes, std::uint64_t size,
                       std::initializer_list<std::uint64_t> ends) {
  const std::size_t width = offset_size_behind(size, ends.size());
  for (auto end = std::rbegin(ends); end != std::rend(ends); ++end)
    append_little_endian(bytes, *end, width);
}

void end_array(Bytes& bytes, std::size_t start, const std::vector<std::size_t>& ends) {
  const std::size_t size = offset_size_behind(bytes.size() - start, ends.size());
  for (const std::size_t end : ends) append_little_endian(bytes, end - start, size);
}

}  // namespace xylem::object::framing
