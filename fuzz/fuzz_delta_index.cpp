// An index that was read is written and read again the same.

#include "delta/format/index.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const auto deltas = delta::parse_delta_index(input);
    fuzz::require(deltas.size() <= input.size());
    // The same name may come twice; written it comes once.
    const Bytes written = delta::serialize_delta_index(deltas);
    fuzz::require(delta::parse_delta_index(written).size() <= deltas.size());
    fuzz::require(delta::serialize_delta_index(delta::parse_delta_index(written)) == written);
  });
}
