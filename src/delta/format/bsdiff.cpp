#include "delta/format/bsdiff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "delta/format/limits.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

constexpr std::size_t number_size = 8;
constexpr std::uint64_t sign = 1ULL << 63;

/// Sign and magnitude, little-endian.
std::int64_t parse_number(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = number_size; i-- > 0;) value = value << 8 | bytes[i];
  const auto magnitude = static_cast<std::int64_t>(value & ~sign);
  return (value & sign) != 0 ? -magnitude : magnitude;
}

void append_number(Bytes& bytes, std::int64_t number) {
  std::uint64_t value =
      number < 0 ? sign | static_cast<std::uint64_t>(-number) : static_cast<std::uint64_t>(number);
  for (std::size_t i = 0; i < number_size; ++i, value >>= 8)
    bytes.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t parse_length(ByteView bytes) {
  const std::int64_t length = parse_number(bytes);
  if (length < 0 || static_cast<std::uint64_t>(length) > max_bsdiff_run)
    throw Error(ErrorKind::Corrupt,
                fmt::format("A bsdiff record has an impossible length of {} bytes", length));
  return static_cast<std::uint64_t>(length);
}

}  // namespace

BsdiffRecord parse_bsdiff_record(ByteView bytes) {
  return {parse_length(bytes.first(number_size)),
          parse_length(bytes.subspan(number_size, number_size)),
          parse_number(bytes.subspan(2 * number_size, number_size))};
}

void append_bsdiff_record(Bytes& bytes, const BsdiffRecord& record) {
  append_number(bytes, static_cast<std::int64_t>(record.add));
  append_number(bytes, static_cast<std::int64_t>(record.copy));
  append_number(bytes, record.seek);
}

BsdiffSource::BsdiffSource(ByteSource& patch, const RandomSource& old, std::uint64_t size)
    : patch_(patch), old_(old), left_(size) {}

/// The output comes in the order of the patch: a record, its sums, its new bytes, the next record.
/// So one pass over the patch does, and only the old file is read here and there.
std::size_t BsdiffSource::read(MutableByteView buffer) {
  if (left_ == 0 || buffer.empty()) return 0;
  while (record_.add == 0 && record_.copy == 0) next_record();
  std::size_t count = 0;
  if (record_.add > 0) {
    count = read_patch(buffer, record_.add);
    add_old(buffer.first(count));
    record_.add -= count;
  } else {
    count = read_patch(buffer, record_.copy);
    record_.copy -= count;
  }
  left_ -= count;
  return count;
}

void BsdiffSource::next_record() {
  // The move comes behind the record that says so.
  if (in_record_) position_ += static_cast<std::uint64_t>(record_.seek);
  std::array<std::uint8_t, bsdiff_record_size> bytes{};
  for (std::size_t filled = 0; filled < bytes.size();)
    filled += read_patch(MutableByteView(bytes).subspan(filled), bytes.size());
  record_ = parse_bsdiff_record(bytes);
  in_record_ = true;
  if (record_.add > left_ || record_.copy > left_ - record_.add)
    throw Error(ErrorKind::Corrupt, "The patch makes more bytes than the file has");
}

/// At least one byte, at most `most`.
std::size_t BsdiffSource::read_patch(MutableByteView buffer, std::uint64_t most) {
  const std::size_t count = patch_.read(buffer.first(std::min<std::uint64_t>(buffer.size(), most)));
  if (count == 0) throw Error(ErrorKind::Corrupt, "The patch ends too early");
  return count;
}

/// Adds the stretch of the old file at the position, of which any part may lie outside.
void BsdiffSource::add_old(MutableByteView buffer) {
  while (!buffer.empty()) {
    const bool inside = position_ < old_.size();
    // From outside it is as far to the file's begin as the numbers have left until they are 0.
    const std::uint64_t outside = position_ == 0 ? UINT64_MAX : 0 - position_;
    const std::uint64_t ahead = inside ? old_.size() - position_ : outside;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), ahead));
    if (inside) add_stretch(buffer.first(count));
    position_ += count;
    buffer = buffer.subspan(count);
  }
}

void BsdiffSource::add_stretch(MutableByteView buffer) {
  addends_.resize(std::max(addends_.size(), buffer.size()));
  const MutableByteView addends = MutableByteView(addends_).first(buffer.size());
  old_.read_at(addends, position_);
  for (std::size_t i = 0; i < buffer.size(); ++i)
    buffer[i] = static_cast<std::uint8_t>(buffer[i] + addends[i]);
}

}  // namespace xylem::delta
