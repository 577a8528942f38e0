// A superblock that was read is written and read again the same, and its parts lie within it.

#include "delta/format/envelope.hpp"
#include "delta/format/superblock.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const auto envelope = delta::parse_envelope(input);
    if (envelope) fuzz::require(envelope->superblock.size() < input.size());
    const ByteView bytes = envelope ? envelope->superblock : input;
    const delta::Superblock superblock = delta::parse_superblock(bytes);
    for (const auto& [number, part] : delta::inline_parts(superblock))
      fuzz::require(part.size() < bytes.size());
    delta::detached_metadata(superblock);
    const Bytes written = delta::serialize_superblock(superblock);
    const delta::Superblock again = delta::parse_superblock(written);
    fuzz::require(again.parts == superblock.parts && again.fallbacks == superblock.fallbacks);
    fuzz::require(delta::serialize_superblock(again) == written);
  });
}
