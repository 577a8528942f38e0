#include "object/xattrs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names/names.hpp"
#include "object/variant/framing.hpp"
#include "object/variant/variant.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char list_type[] = "a(ayay)";

bool by_name(const Xattr& a, const Xattr& b) {
  return a.name < b.name;
}

Xattrs read_list(ByteView bytes) {
  const framing::ArrayReader list(bytes);
  Xattrs xattrs;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [name, value] = framing::split_tuple<2>(list[i]);
    xattrs.push_back({std::string(framing::terminated(name)), Bytes(value.begin(), value.end())});
    if (xattrs.back().name.empty())
      throw Error(ErrorKind::Corrupt, "An extended attribute has no name");
  }
  return xattrs;
}

void refuse_twice(const Xattrs& sorted) {
  const auto twice = std::adjacent_find(
      sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != sorted.end())
    throw Error(ErrorKind::Corrupt,
                fmt::format("The extended attribute {} occurs twice", quoted(twice->name)));
}

ByteView data_of(GVariant* variant) {
  return {static_cast<const std::uint8_t*>(g_variant_get_data(variant)),
          g_variant_get_size(variant)};
}

}  // namespace

void canonicalize(Xattrs& xattrs) {
  std::stable_sort(xattrs.begin(), xattrs.end(), by_name);
}

Xattrs parse_xattrs_object(ByteView bytes) {
  Xattrs xattrs = read_list(bytes);
  canonicalize(xattrs);
  return xattrs;
}

Xattrs parse_sorted_xattrs_object(ByteView bytes) {
  Xattrs xattrs = read_list(bytes);
  if (!std::is_sorted(xattrs.begin(), xattrs.end(), by_name))
    throw Error(ErrorKind::Corrupt, "The extended attributes are not sorted by name");
  refuse_twice(xattrs);
  return xattrs;
}

void append_xattrs(Bytes& bytes, const Xattrs& xattrs) {
  const std::size_t start = bytes.size();
  std::vector<std::size_t> ends;
  for (const Xattr& xattr : xattrs) {
    const std::size_t entry = bytes.size();
    framing::append(bytes, as_bytes(xattr.name));
    bytes.push_back(0);
    const std::size_t name_end = bytes.size();
    framing::append(bytes, xattr.value);
    framing::end_tuple(bytes, entry, {name_end});
    ends.push_back(bytes.size());
  }
  framing::end_array(bytes, start, ends);
}

Bytes serialize_xattrs_object(const Xattrs& xattrs) {
  Bytes bytes;
  append_xattrs(bytes, xattrs);
  return bytes;
}

Xattrs parse_xattrs(GVariant* list) {
  return parse_xattrs_object(data_of(list));
}

Xattrs parse_sorted_xattrs(GVariant* list) {
  return parse_sorted_xattrs_object(data_of(list));
}

GVariantPtr build_xattrs(const Xattrs& xattrs) {
  return parse_variant(list_type, serialize_xattrs_object(xattrs), "list of extended attributes");
}

}  // namespace xylem::object
