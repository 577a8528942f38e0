// A directory that was taken has only names that stay inside, and is written to the byte.

#include "fuzz/fuzz.hpp"
#include "object/dirtree.hpp"
#include "object/names/names.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::DirTree tree = object::parse_dirtree(input);
    for (const auto& file : tree.files) fuzz::require(object::is_valid_file_name(file.name));
    for (const auto& dir : tree.dirs) fuzz::require(object::is_valid_file_name(dir.name));
    const Bytes written = object::serialize_dirtree(tree);
    fuzz::require(Bytes(input.begin(), input.end()) == written);
  });
}
