// Metadata of a directory that was read is written and read again the same.

#include "fuzz/fuzz.hpp"
#include "object/dirtree.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::DirMeta meta = object::parse_dirmeta(input);
    const Bytes written = object::serialize_dirmeta(meta);
    fuzz::require(object::serialize_dirmeta(object::parse_dirmeta(written)) == written);
  });
}
