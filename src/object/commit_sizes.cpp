#include <fmt/format.h>

#include <algorithm>

#include "object/commit.hpp"
#include "object/names/object_name.hpp"
#include "object/variant/variant_builder.hpp"
#include "object/variant/varint.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char sizes_type[] = "aay";

/// `[checksum][varint archived][varint unpacked][type]`; what follows is for later versions.
ObjectSize parse_entry(ByteView bytes) {
  const auto checksum = Checksum::from_bytes(bytes.first(std::min(bytes.size(), Checksum::size)));
  if (!checksum) throw Error(ErrorKind::Corrupt, "An entry of ostree.sizes has no checksum");
  bytes = bytes.subspan(Checksum::size);
  ObjectSize size{*checksum, take_varint(bytes), take_varint(bytes)};
  if (bytes.empty()) return size;
  size.type = bytes.front();
  if (extension(static_cast<ObjectType>(size.type)).empty())
    throw Error(ErrorKind::Corrupt,
                fmt::format("An entry of ostree.sizes has the object type {}", size.type));
  return size;
}

Bytes serialize_entry(const ObjectSize& size) {
  const ByteView checksum = size.checksum.bytes();
  Bytes bytes(checksum.begin(), checksum.end());
  append_varint(bytes, size.archived);
  append_varint(bytes, size.unpacked);
  if (size.type != 0) bytes.push_back(size.type);
  return bytes;
}

}  // namespace

std::vector<ObjectSize> sizes_of(const Commit& commit) {
  std::vector<ObjectSize> sizes;
  const GVariantPtr list = commit.metadata.find(commit_key::sizes, sizes_type);
  if (!list) return sizes;
  const std::size_t count = g_variant_n_children(list.get());
  for (std::size_t i = 0; i < count; ++i)
    sizes.push_back(parse_entry(bytes_of(child(list.get(), i).get())));
  return sizes;
}

GVariantPtr build_sizes(std::vector<ObjectSize> sizes) {
  std::sort(sizes.begin(), sizes.end(),
            [](const auto& a, const auto& b) { return a.checksum < b.checksum; });
  VariantBuilder list(sizes_type);
  for (const ObjectSize& size : sizes) list.add(make_byte_array(serialize_entry(size)));
  return list.finish();
}

}  // namespace xylem::object
