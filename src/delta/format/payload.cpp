#include "delta/format/payload.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "delta/format/limits.hpp"
#include "object/variant/framing.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace framing = object::framing;

namespace {

constexpr std::uint64_t attributes_size = 12;

[[noreturn]] void refuse_payload(const std::string& why) {
  throw Error(ErrorKind::Corrupt, "The payload is damaged: " + why);
}

void require_index(std::uint64_t index, std::uint64_t count, std::string_view what) {
  if (index >= count)
    refuse_payload(fmt::format("it has {} {}, and not number {}", count, what, index));
}

}  // namespace

Compression parse_compression(std::uint8_t byte) {
  for (const Compression known : {Compression::None, Compression::Xz})
    if (byte == static_cast<std::uint8_t>(known)) return known;
  throw Error(ErrorKind::Unsupported,
              fmt::format("The part uses the unknown compression 0x{:02x}", byte));
}

PayloadLayout parse_payload_layout(std::uint64_t size, ByteView tail) {
  constexpr std::size_t ends = 3;
  const std::size_t width = framing::offset_size_in(size);
  if (size < ends * width || tail.size() < ends * width) refuse_payload("it is too short");
  const std::uint64_t body = size - ends * width;
  std::uint64_t start = 0;
  // The end of the first child stands last.
  const auto next = [&](std::size_t index) {
    const std::uint64_t end =
        index == ends ? body : framing::read_offset(tail.last((index + 1) * width).first(width));
    if (end < start || end > body) refuse_payload("its framing is no GVariant's");
    const Stretch child{start, end - start};
    start = end;
    return child;
  };
  const PayloadLayout layout{next(0), next(1), next(2), next(ends)};
  if (layout.attributes.size % attributes_size != 0)
    refuse_payload(fmt::format("its table of attributes has {} bytes", layout.attributes.size));
  return layout;
}

Payload::Payload(const RandomSource& bytes) : bytes_(bytes) {
  const std::uint64_t tail = std::min<std::uint64_t>(bytes.size(), payload_tail_size);
  layout_ = parse_payload_layout(bytes.size(), read({bytes.size() - tail, tail}));
  measure_xattrs();
}

std::uint64_t Payload::attributes_count() const {
  return layout_.attributes.size / attributes_size;
}

object::FileHeader Payload::file_header(std::uint64_t attributes, std::uint64_t xattrs) const {
  require_index(attributes, attributes_count(), "sets of attributes");
  const Bytes entry =
      read({layout_.attributes.offset + attributes * attributes_size, attributes_size});
  object::FileHeader header{.uid = framing::be32(entry, 0),
                            .gid = framing::be32(entry, 4),
                            .mode = framing::be32(entry, 8)};
  header.xattrs = load_xattrs(xattrs);
  return header;
}

/// The table is an array of lists of any size: behind its elements stands where each of them ends,
/// and where the last one ends these offsets begin.
void Payload::measure_xattrs() {
  const Stretch table = layout_.xattrs;
  if (table.size == 0) return;
  xattrs_offset_size_ = framing::offset_size_in(table.size);
  if (table.size < xattrs_offset_size_)
    refuse_payload("its table of extended attributes is too short");
  xattrs_elements_ =
      framing::read_offset(read({table.end() - xattrs_offset_size_, xattrs_offset_size_}));
  if (xattrs_elements_ >= table.size || (table.size - xattrs_elements_) % xattrs_offset_size_ != 0)
    refuse_payload("the framing of its table of extended attributes is no GVariant's");
  xattrs_count_ = (table.size - xattrs_elements_) / xattrs_offset_size_;
}

std::uint64_t Payload::xattrs_end(std::uint64_t index) const {
  const std::uint64_t at = layout_.xattrs.offset + xattrs_elements_ + index * xattrs_offset_size_;
  return framing::read_offset(read({at, xattrs_offset_size_}));
}

object::Xattrs Payload::load_xattrs(std::uint64_t index) const {
  require_index(index, xattrs_count_, "lists of extended attributes");
  const std::uint64_t start = index == 0 ? 0 : xattrs_end(index - 1);
  const std::uint64_t end = xattrs_end(index);
  if (start > end || end > xattrs_elements_)
    refuse_payload("the framing of its table of extended attributes is no GVariant's");
  if (end - start > max_xattrs_size)
    refuse_payload(fmt::format("a list of extended attributes has {} bytes", end - start));
  return object::parse_xattrs_object(read({layout_.xattrs.offset + start, end - start}));
}

Stretch Payload::in_blob(Stretch stretch) const {
  if (!stretch.fits(layout_.blob.size))
    refuse_payload(fmt::format("{} bytes at {} are not within its blob of {}", stretch.size,
                               stretch.offset, layout_.blob.size));
  return {layout_.blob.offset + stretch.offset, stretch.size};
}

Bytes Payload::read_blob(Stretch stretch, std::uint64_t limit) const {
  const Stretch found = in_blob(stretch);
  if (found.size > limit)
    refuse_payload(fmt::format("it has {} bytes where at most {} can be", found.size, limit));
  return read(found);
}

Bytes Payload::read(Stretch stretch) const {
  Bytes result(stretch.size);
  bytes_.read_at(result, stretch.offset);
  return result;
}

PayloadFrame frame_payload(const PayloadTables& tables, std::uint64_t blob_size,
                           ByteView operations) {
  PayloadFrame frame;
  Bytes& before = frame.before;
  for (const object::FileHeader& header : tables.attributes)
    for (const std::uint32_t value : {header.uid, header.gid, header.mode})
      framing::append_be32(before, value);
  const std::size_t attributes_end = before.size();
  std::vector<std::size_t> ends;
  for (const object::Xattrs& xattrs : tables.xattrs) {
    object::append_xattrs(before, xattrs);
    ends.push_back(before.size());
  }
  framing::end_array(before, attributes_end, ends);
  const std::uint64_t blob_end = before.size() + blob_size;
  framing::append(frame.behind, operations);
  framing::append_tuple_ends(frame.behind, blob_end + operations.size(),
                             {attributes_end, before.size(), blob_end});
  return frame;
}

Bytes serialize_payload(const PayloadContent& content) {
  PayloadFrame frame = frame_payload(content, content.blob.size(), content.operations);
  framing::append(frame.before, content.blob);
  framing::append(frame.before, frame.behind);
  return std::move(frame.before);
}

}  // namespace xylem::delta
