#include "object/commit.hpp"
#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr char tombstone_key[] = "commit";

}  // namespace

Dict parse_dict_object(ByteView bytes, std::string_view what) {
  return Dict(parse_variant("a{sv}", bytes, what));
}

Bytes serialize_dict_object(const Dict& dict) {
  return serialize_variant(dict.get());
}

Bytes serialize_tombstone(const Checksum& commit) {
  // A bytestring: it ends with a NUL.
  const std::string hex = commit.hex();
  const GVariantPtr value = make_byte_array(as_bytes({hex.c_str(), hex.size() + 1}));
  return serialize_dict_object(DictBuilder().set(tombstone_key, share(value)).build());
}

Checksum parse_tombstone(ByteView bytes) {
  const Dict dict = parse_dict_object(bytes, "tombstone");
  const GVariantPtr value = dict.find(tombstone_key, "ay");
  std::string_view hex = value ? as_text(bytes_of(value.get())) : std::string_view{};
  if (hex.ends_with('\0')) hex.remove_suffix(1);
  if (const auto checksum = Checksum::from_hex(hex)) return *checksum;
  throw Error(ErrorKind::Corrupt, "The tombstone does not name a commit");
}

}  // namespace xylem::object
