// What GnuPG gets to see.

#include "fuzz/fuzz.hpp"
#include "sign/gpg/openpgp.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const bool whole = sign::is_detached_signature(input);
    if (!whole) return;
    // Signatures one behind the other are signatures; with anything else behind, they are not.
    Bytes twice(input.begin(), input.end());
    twice.insert(twice.end(), input.begin(), input.end());
    fuzz::require(sign::is_detached_signature(twice));
    twice.push_back(0);
    fuzz::require(!sign::is_detached_signature(twice));
  });
}
