#include "sign/signatures.hpp"

#include <fmt/format.h>

#include "object/variant/variant_builder.hpp"
#include "xylem/error.hpp"

namespace xylem::sign {

namespace {

void require_bounded(bool within, Engine engine) {
  if (within) return;
  throw Error(ErrorKind::SignatureInvalid,
              fmt::format("There are more than {} {} signatures, or one has more than {} bytes",
                          max_signatures, name(engine), max_signature_size));
}

}  // namespace

std::vector<Bytes> signatures_in(const object::Dict& metadata, Engine engine) {
  std::vector<Bytes> signatures;
  const GVariantPtr list = metadata.find(metadata_key(engine), "aay");
  if (!list) return signatures;
  const std::size_t count = g_variant_n_children(list.get());
  require_bounded(count <= max_signatures, engine);
  for (std::size_t i = 0; i < count; ++i) {
    const GVariantPtr one = object::child(list.get(), i);
    const ByteView bytes = object::bytes_of(one.get());
    require_bounded(bytes.size() <= max_signature_size, engine);
    signatures.emplace_back(bytes.begin(), bytes.end());
  }
  return signatures;
}

object::Dict with_signatures(const object::Dict& metadata, Engine engine,
                             const std::vector<Bytes>& signatures) {
  object::DictBuilder builder(metadata);
  if (signatures.empty()) return builder.remove(metadata_key(engine)).build();
  object::VariantBuilder list("aay");
  for (const Bytes& signature : signatures) list.add(object::make_byte_array(signature));
  return builder.set(metadata_key(engine), list.finish()).build();
}

}  // namespace xylem::sign
