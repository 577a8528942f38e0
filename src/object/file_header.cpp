#include "object/file_header.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "object/file_mode.hpp"
#include "object/names/names.hpp"
#include "object/names/object_name.hpp"
#include "object/variant/framing.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

/// The length and its padding, in front of a header variant.
constexpr std::size_t frame_size = 8;

// Where things are in `(tuuuusa(ayay))`.
constexpr std::size_t header_size_at = 0;
constexpr std::size_t header_uid_at = 8;
constexpr std::size_t header_gid_at = 12;
constexpr std::size_t header_mode_at = 16;
constexpr std::size_t header_rdev_at = 20;
constexpr std::size_t header_target_at = 24;

/// Room for the length, which write_frame() sets once it is known.
Bytes start_frame() {
  Bytes bytes;
  bytes.reserve(64);
  bytes.resize(frame_size);
  return bytes;
}

void write_frame(Bytes& bytes) {
  const std::size_t length = bytes.size() - frame_size;
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
}

/// What both kinds of header end with: `uuuusa(ayay)`.
void append_fields(Bytes& bytes, const FileHeader& header, const Xattrs& xattrs) {
  constexpr std::uint32_t rdev = 0;
  framing::append_be32(bytes, header.uid);
  framing::append_be32(bytes, header.gid);
  framing::append_be32(bytes, header.mode);
  framing::append_be32(bytes, rdev);
  framing::append_text(bytes, header.symlink_target);
  const std::size_t target_end = bytes.size();
  append_xattrs(bytes, xattrs);
  framing::end_tuple(bytes, frame_size, {target_end});
}

void validate(const FileHeader& header, std::uint32_t rdev) {
  validate_file_mode(header.mode);
  if (rdev != 0) throw Error(ErrorKind::Corrupt, "The file header describes a device");
  if (header.is_symlink() && header.symlink_target.empty())
    throw Error(ErrorKind::Corrupt, "A symbolic link has no target");
  if (!header.is_symlink() && !header.symlink_target.empty())
    throw Error(ErrorKind::Corrupt, fmt::format("A regular file has the link target {}",
                                                quoted(header.symlink_target)));
}

}  // namespace

bool FileHeader::is_symlink() const noexcept {
  return S_ISLNK(mode);
}

Bytes serialize_file_header(const FileHeader& header) {
  Xattrs sorted = header.xattrs;
  canonicalize(sorted);
  Bytes bytes = start_frame();
  append_fields(bytes, header, sorted);
  write_frame(bytes);
  return bytes;
}

std::size_t filez_header_length(ByteView start) {
  if (start.size() < frame_size) throw Error(ErrorKind::Corrupt, "The archived file is cut short");
  const std::uint32_t length = framing::be32(start, 0);
  if (length == 0 || length > default_max_metadata_size)
    throw Error(ErrorKind::Corrupt,
                fmt::format("The archived file has a header of {} bytes", length));
  if (framing::be32(start, 4) != 0)
    throw Error(ErrorKind::Corrupt, "The archived file has bytes other than zero in its padding");
  return frame_size + length;
}

FilezHeader parse_filez_header(ByteView start) {
  const std::size_t length = filez_header_length(start);
  if (start.size() < length) throw Error(ErrorKind::Corrupt, "The archived file is cut short");
  const ByteView bytes = start.subspan(frame_size, length - frame_size);
  const auto [target, xattrs] = framing::split_tuple<2>(bytes, header_target_at);

  FilezHeader header;
  header.header_length = length;
  header.file = {framing::be32(bytes, header_uid_at), framing::be32(bytes, header_gid_at),
                 framing::be32(bytes, header_mode_at), std::string(framing::text(target)),
                 parse_xattrs_object(xattrs)};
  header.size = header.file.is_symlink() ? 0 : framing::be64(bytes, header_size_at);
  validate(header.file, framing::be32(bytes, header_rdev_at));
  return header;
}

Bytes serialize_filez_header(const FileHeader& header, std::uint64_t size) {
  Bytes bytes = start_frame();
  framing::append_be64(bytes, size);
  append_fields(bytes, header, header.xattrs);
  write_frame(bytes);
  return bytes;
}

}  // namespace xylem::object
