#include "object/file_header.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "object/names.hpp"
#include "object/object_name.hpp"
#include "object/variant.hpp"
#include "object/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

/// The length and its padding, in front of a header variant.
constexpr std::size_t frame_size = 8;
constexpr char filez_type[] = "(tuuuusa(ayay))";
constexpr char bare_user_type[] = "(uuua(ayay))";

std::uint32_t read_be32(ByteView bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

/// Puts the frame in front of a serialised variant.
Bytes framed(GVariant* variant) {
  const std::size_t size = g_variant_get_size(variant);
  Bytes bytes(frame_size + size);
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  g_variant_store(variant, bytes.data() + frame_size);
  return bytes;
}

/// What both kinds of header end with: `uuuusa(ayay)`.
void add_fields(VariantBuilder& builder, const FileHeader& header, const Xattrs& xattrs) {
  constexpr std::uint32_t rdev = 0;
  builder.add_be32(header.uid)
      .add_be32(header.gid)
      .add_be32(header.mode)
      .add_be32(rdev)
      .add(std::string_view(header.symlink_target))
      .add(build_xattrs(xattrs));
}

void validate_target(const FileHeader& header) {
  if (header.is_symlink() == header.symlink_target.empty())
    throw Error(ErrorKind::Corrupt, header.is_symlink()
                                        ? "A symbolic link has no target"
                                        : fmt::format("A regular file has the link target {}",
                                                      quoted(header.symlink_target)));
}

/// Fails on nothing but memory: the variant is in normal form.
FilezHeader unpack_filez(GVariant* variant) {
  guint64 size = 0;
  guint32 uid = 0, gid = 0, mode = 0, rdev = 0;
  const char* target = nullptr;
  GVariant* xattrs = nullptr;
  g_variant_get(variant, "(tuuuu&s@a(ayay))", &size, &uid, &gid, &mode, &rdev, &target, &xattrs);
  const GVariantPtr owned_xattrs(xattrs);
  if (rdev != 0) throw Error(ErrorKind::Corrupt, "The file header is of a device");

  FilezHeader header;
  header.file = {GUINT32_FROM_BE(uid), GUINT32_FROM_BE(gid), GUINT32_FROM_BE(mode), target,
                 parse_xattrs(xattrs)};
  header.size = header.file.is_symlink() ? 0 : GUINT64_FROM_BE(size);
  return header;
}

}  // namespace

bool FileHeader::is_symlink() const noexcept {
  return S_ISLNK(mode);
}

Bytes serialize_file_header(const FileHeader& header) {
  Xattrs sorted = header.xattrs;
  canonicalize(sorted);
  VariantBuilder builder("(uuuusa(ayay))");
  add_fields(builder, header, sorted);
  return framed(builder.finish().get());
}

std::size_t filez_header_length(ByteView start) {
  if (start.size() < frame_size) throw Error(ErrorKind::Corrupt, "The archived file is cut short");
  const std::uint32_t length = read_be32(start);
  if (length == 0 || length > default_max_metadata_size)
    throw Error(ErrorKind::Corrupt,
                fmt::format("The archived file has a header of {} bytes", length));
  if (read_be32(start.subspan(4)) != 0)
    throw Error(ErrorKind::Corrupt, "The archived file has bytes where its padding should be");
  return frame_size + length;
}

FilezHeader parse_filez_header(ByteView start) {
  const std::size_t length = filez_header_length(start);
  if (start.size() < length) throw Error(ErrorKind::Corrupt, "The archived file is cut short");
  const ByteView bytes = start.subspan(frame_size, length - frame_size);
  FilezHeader header = unpack_filez(borrow_variant(filez_type, bytes, "file header").get());
  header.header_length = length;
  validate_file_mode(header.file.mode);
  validate_target(header.file);
  return header;
}

Bytes serialize_filez_header(const FileHeader& header, std::uint64_t size) {
  VariantBuilder builder(filez_type);
  builder.add_be64(size);
  add_fields(builder, header, header.xattrs);
  return framed(builder.finish().get());
}

Bytes serialize_bare_user_metadata(const FileHeader& header) {
  Xattrs sorted = header.xattrs;
  canonicalize(sorted);
  return serialize_variant(VariantBuilder(bare_user_type)
                               .add_be32(header.uid)
                               .add_be32(header.gid)
                               .add_be32(header.mode)
                               .add(build_xattrs(sorted))
                               .finish()
                               .get());
}

FileHeader parse_bare_user_metadata(ByteView bytes) {
  const GVariantPtr variant = borrow_variant(bare_user_type, bytes, "user.ostreemeta attribute");
  FileHeader header;
  header.uid = be32_child(variant.get(), 0);
  header.gid = be32_child(variant.get(), 1);
  header.mode = be32_child(variant.get(), 2);
  header.xattrs = parse_xattrs(child(variant.get(), 3).get());
  validate_file_mode(header.mode);
  return header;
}

}  // namespace xylem::object
