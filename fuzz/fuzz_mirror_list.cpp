// A list of mirrors.

#include "fuzz/fuzz.hpp"
#include "pull/remote/mirror_list.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    fuzz::require(pull::parse_mirror_list(input).size() <= input.size());
  });
}
