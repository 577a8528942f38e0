#include "object/xattrs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names.hpp"
#include "object/variant.hpp"
#include "object/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char list_type[] = "a(ayay)";

bool by_name(const Xattr& a, const Xattr& b) {
  return a.name < b.name;
}

std::string parse_name(ByteView stored) {
  const std::string_view text = as_text(stored);
  if (text.size() < 2 || text.find('\0') != text.size() - 1)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} is not the name of an extended attribute", quoted(text)));
  return std::string(text.substr(0, text.size() - 1));
}

Xattrs read_list(GVariant* list) {
  const std::size_t count = g_variant_n_children(list);
  Xattrs xattrs;
  xattrs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr entry = child(list, i);
    const GVariantPtr value = child(entry.get(), 1);
    const ByteView bytes = bytes_of(value.get());
    xattrs.push_back(
        {parse_name(bytes_of(child(entry.get(), 0).get())), Bytes(bytes.begin(), bytes.end())});
  }
  return xattrs;
}

void refuse_twice(const Xattrs& sorted) {
  const auto twice = std::adjacent_find(
      sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.name == b.name; });
  if (twice != sorted.end())
    throw Error(ErrorKind::Corrupt,
                fmt::format("The extended attribute {} comes twice", quoted(twice->name)));
}

}  // namespace

void canonicalize(Xattrs& xattrs) {
  std::stable_sort(xattrs.begin(), xattrs.end(), by_name);
}

Xattrs parse_xattrs(GVariant* list) {
  Xattrs xattrs = read_list(list);
  canonicalize(xattrs);
  refuse_twice(xattrs);
  return xattrs;
}

Xattrs parse_sorted_xattrs(GVariant* list) {
  Xattrs xattrs = read_list(list);
  if (!std::is_sorted(xattrs.begin(), xattrs.end(), by_name))
    throw Error(ErrorKind::Corrupt, "The extended attributes are not sorted by name");
  refuse_twice(xattrs);
  return xattrs;
}

GVariantPtr build_xattrs(const Xattrs& xattrs) {
  VariantBuilder list(list_type);
  for (const Xattr& xattr : xattrs) {
    // The stored name ends with its NUL.
    const ByteView name = as_bytes({xattr.name.c_str(), xattr.name.size() + 1});
    list.add(VariantBuilder("(ayay)")
                 .add(make_byte_array(name))
                 .add(make_byte_array(xattr.value))
                 .finish());
  }
  return list.finish();
}

Xattrs parse_xattrs_object(ByteView bytes) {
  return parse_xattrs(borrow_variant(list_type, bytes, "list of extended attributes").get());
}

Bytes serialize_xattrs_object(const Xattrs& xattrs) {
  return serialize_variant(build_xattrs(xattrs).get());
}

}  // namespace xylem::object
