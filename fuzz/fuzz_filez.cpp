// A content object on the wire: the header stays within the bytes, inflating within its size.

#include <algorithm>

#include "base/codec/inflate.hpp"
#include "fuzz/fuzz.hpp"
#include "object/file_header.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    constexpr std::size_t most = 1 << 20;
    const object::FilezHeader header = object::parse_filez_header(input);
    fuzz::require(header.header_length <= input.size());
    Bytes content(std::min<std::size_t>(header.size, most));
    inflate_exact(input.subspan(header.header_length), content);
  });
}
