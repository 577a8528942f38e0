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

/// From `a(ayay)`: a `file-xattrs` object, or part of another. Sorts by name, and throws
/// Error(Corrupt) for an empty name and one without its NUL. A name may come twice: some archives
/// repeat it, libostree stores what they have, and the last value counts.
/// `parse_sorted_xattrs_object`, for directories, refuses a name that comes twice and one that is
/// out of order.
Xattrs parse_xattrs_object(ByteView bytes);
Xattrs parse_sorted_xattrs_object(ByteView bytes);

/// To `a(ayay)`, in the order given.
Bytes serialize_xattrs_object(const Xattrs& xattrs);
void append_xattrs(Bytes& bytes, const Xattrs& xattrs);

/// The same from and to a variant of that type.
Xattrs parse_xattrs(GVariant* list);
Xattrs parse_sorted_xattrs(GVariant* list);
GVariantPtr build_xattrs(const Xattrs& xattrs);

}  // namespace xylem::object
