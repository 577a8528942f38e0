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

/// From and to `a(ayay)`. Reading throws Error(Corrupt) for an empty name, a name without its NUL,
/// or one that comes twice. `parse_sorted_xattrs` also refuses another order than by name.
Xattrs parse_xattrs(GVariant* list);
Xattrs parse_sorted_xattrs(GVariant* list);
GVariantPtr build_xattrs(const Xattrs& xattrs);

/// A `file-xattrs` object: the bare `a(ayay)`.
Xattrs parse_xattrs_object(ByteView bytes);
Bytes serialize_xattrs_object(const Xattrs& xattrs);

}  // namespace xylem::object
