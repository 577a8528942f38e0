// The attribute in which bare-user keeps metadata is written and read again the same.

#include "fuzz/fuzz.hpp"
#include "object/file_header.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::FileHeader header = object::parse_bare_user_metadata(input);
    const Bytes written = object::serialize_bare_user_metadata(header);
    fuzz::require(object::serialize_bare_user_metadata(object::parse_bare_user_metadata(written)) ==
                  written);
  });
}
