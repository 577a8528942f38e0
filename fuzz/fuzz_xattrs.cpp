// Attributes in an object of their own, as a neighbour's bare-split-xattrs repository has them: in
// order, and written and read again the same.

#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "object/xattrs.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::Xattrs xattrs = object::parse_xattrs_object(input);
    for (const object::Xattr& xattr : xattrs) fuzz::require(!xattr.name.empty());
    fuzz::require(std::ranges::is_sorted(xattrs, {}, &object::Xattr::name));
    const Bytes written = object::serialize_xattrs_object(xattrs);
    fuzz::require(object::parse_xattrs_object(written) == xattrs);
    fuzz::require(object::parse_sorted_xattrs_object(input) == xattrs);
  });
}
