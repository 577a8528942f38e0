// A patch gives as many bytes as the file has, or is refused.

#include "delta/format/bsdiff.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    constexpr std::size_t head = 2;
    if (input.size() < head) return;
    // Half of the rest is the old file, the other half the patch.
    const std::uint64_t made = input[0] + 256U * input[1];
    const ByteView rest = input.subspan(head);
    MemorySource patch(rest.subspan(rest.size() / 2));
    const RandomMemory old(rest.first(rest.size() / 2));
    delta::BsdiffSource content(patch, old, made);
    fuzz::require(read_all(content, made).size() == made);
  });
}
