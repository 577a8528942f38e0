#include "object/variant/varint.hpp"

#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr unsigned digit_bits = 7;
constexpr std::uint8_t more = 0x80;

}  // namespace

void append_varint(Bytes& bytes, std::uint64_t value) {
  for (; value >= more; value >>= digit_bits)
    bytes.push_back(static_cast<std::uint8_t>(value | more));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t take_varint(ByteView& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += digit_bits) {
    if (bytes.empty()) throw Error(ErrorKind::Corrupt, "A number is cut short");
    const std::uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    const std::uint64_t digit = byte & ~more;
    if (digit << shift >> shift != digit) break;
    value |= digit << shift;
    if ((byte & more) == 0) return value;
  }
  throw Error(ErrorKind::Corrupt, "A number does not fit into 64 bits");
}

}  // namespace xylem::object
