#pragma once

/// \file
/// The GVariants that every file of a tree has, straight from and to bytes: GLib's way costs
/// microseconds and a global lock for each value. It knows what those types need and no more:
/// containers whose variable-size children have no alignment. Format: "GVariant Specification 1.0".
/// Readers throw Error(Corrupt) for what is not in normal form; they borrow the bytes.

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::object::framing {

/// Width of the framing offsets in a container of this size, offsets included.
std::size_t offset_size_in(std::uint64_t container_size);
/// A framing offset from all its bytes.
std::uint64_t read_offset(ByteView bytes);

/// Finds the variable-size children of a tuple, which begin behind `fixed_size` bytes of others.
void split_tuple(ByteView tuple, std::size_t fixed_size, std::span<ByteView> children);

template <std::size_t N>
std::array<ByteView, N> split_tuple(ByteView tuple, std::size_t fixed_size = 0) {
  std::array<ByteView, N> children;
  split_tuple(tuple, fixed_size, children);
  return children;
}

/// An array of variable-size elements.
class ArrayReader {
 public:
  explicit ArrayReader(ByteView array);
  std::size_t size() const { return count_; }
  /// `index` must be less than size().
  ByteView operator[](std::size_t index) const;

 private:
  std::size_t end_of(std::size_t index) const;

  ByteView array_;
  std::size_t offset_size_ = 1;
  std::size_t elements_size_ = 0;
  std::size_t count_ = 0;
};

/// What stands before the NUL that must be the last byte and the only one.
std::string_view terminated(ByteView bytes);
/// As above, and it must be UTF-8: the text of an `s`.
std::string_view text(ByteView bytes);
std::uint32_t be32(ByteView bytes, std::size_t position);
std::uint64_t be64(ByteView bytes, std::size_t position);

void append(Bytes& bytes, ByteView more);
void append_be32(Bytes& bytes, std::uint32_t value);
void append_be64(Bytes& bytes, std::uint64_t value);
/// Throws Error(InvalidArgument) unless `text` is UTF-8 without NUL.
void append_text(Bytes& bytes, std::string_view text);

/// Finishes the tuple that begins at `start`. `ends` is where each variable-size child but the last
/// one ends, counted from the begin of `bytes`.
void end_tuple(Bytes& bytes, std::size_t start, std::initializer_list<std::size_t> ends);
/// What end_tuple() appends to a tuple whose children, which may be elsewhere, take `size` bytes in
/// all; `ends` are counted from its begin.
void append_tuple_ends(Bytes& bytes, std::uint64_t size, std::initializer_list<std::uint64_t> ends);
/// Finishes the array that begins at `start`; `ends` is where each of its elements ends.
void end_array(Bytes& bytes, std::size_t start, const std::vector<std::size_t>& ends);

}  // namespace xylem::object::framing
