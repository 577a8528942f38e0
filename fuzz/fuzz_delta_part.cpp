// A part file: what comes out of the decompressor stays within its limit.

#include "base/codec/xz.hpp"
#include "delta/format/payload.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    constexpr XzLimits limits{8 << 20, 1 << 20};
    if (input.empty()) return;
    if (delta::parse_compression(input.front()) != delta::Compression::Xz) return;
    const ByteView compressed = input.subspan(1);
    const RandomMemory file(compressed);
    fuzz::check([&] { xz_content_size(file, limits.memory); });
    MemorySource source(compressed);
    XzSource xz(source, limits);
    const Bytes content = read_all(xz, limits.output);
    const RandomMemory payload(content);
    delta::Payload{payload};
  });
}
