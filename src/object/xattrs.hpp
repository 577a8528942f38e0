#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/glib.hpp"

namespace xylem::object {

/// One extended attribute; `name` has no terminating NUL (the stored form has).
struct Xattr {
  std::string name;
  Bytes value;
  auto operator<=>(const Xattr&) const = default;
};
using Xattrs = std::vector<Xattr>;

/// Sorts by name, as every checksum wants it.
void canonicalize(Xattrs& xattrs);

/// From and to `a(ayay)`. Reading sorts by name, and throws Error(Corrupt) for an empty name, one
/// without its NUL, and one that comes twice. `parse_sorted_xattrs` refuses instead of sorting.
/// Building keeps the order given.
Xattrs parse_xattrs(GVariant* list);
Xattrs parse_sorted_xattrs(GVariant* list);
GVariantPtr build_xattrs(const Xattrs& xattrs);

/// A `file-xattrs` object: the bare `a(ayay)`. Throws as parse_xattrs().
Xattrs parse_xattrs_object(ByteView bytes);
Bytes serialize_xattrs_object(const Xattrs& xattrs);

}  // namespace xylem::object
