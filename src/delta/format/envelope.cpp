#include "delta/format/envelope.hpp"

#include <algorithm>

#include "object/variant/framing.hpp"
#include "object/variant/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

constexpr std::string_view magic = "OSTSGNDT";
constexpr char envelope_type[] = "(taya{sv})";
constexpr std::string_view signature_key = "ostree.sign.";

bool is_signature(const std::string& key) {
  return key.starts_with(signature_key);
}

/// A plain superblock may begin with the same letters, as the name of its first key.
GVariantPtr try_borrow(ByteView bytes) try {
  return object::borrow_variant(envelope_type, bytes, "signed delta");
} catch (const Error&) {
  return nullptr;
}

}  // namespace

std::optional<Envelope> parse_envelope(ByteView bytes) {
  if (!as_text(bytes).starts_with(magic)) return std::nullopt;
  const GVariantPtr envelope = try_borrow(bytes);
  if (!envelope) return std::nullopt;
  const std::size_t size = object::bytes_of(object::child(envelope.get(), 1).get()).size();
  Envelope result{bytes.subspan(magic.size(), size),
                  object::Dict(object::child(envelope.get(), 2))};
  if (std::ranges::none_of(result.signatures.keys(), is_signature)) return std::nullopt;
  return result;
}

Bytes serialize_envelope(ByteView superblock, const object::Dict& signatures) {
  const GVariantPtr envelope = object::VariantBuilder(envelope_type)
                                   .add_be64(object::framing::be64(as_bytes(magic), 0))
                                   .add(object::make_byte_array(superblock))
                                   .add(signatures)
                                   .finish();
  return object::serialize_variant(envelope.get());
}

}  // namespace xylem::delta
