// Signatures in detached metadata are bounded, and survive being written.

#include "fuzz/fuzz.hpp"
#include "object/commit.hpp"
#include "sign/signatures.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::Dict metadata = object::parse_dict_object(input, "detached metadata");
    for (const auto engine : {sign::Engine::Gpg, sign::Engine::Ed25519, sign::Engine::Spki}) {
      const auto signatures = sign::signatures_in(metadata, engine);
      fuzz::require(signatures.size() <= sign::max_signatures);
      const auto again = sign::with_signatures(metadata, engine, signatures);
      fuzz::require(sign::signatures_in(again, engine) == signatures);
    }
  });
}
