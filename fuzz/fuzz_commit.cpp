// A commit that was read is written and read again the same.

#include "fuzz/fuzz.hpp"
#include "object/commit.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::Commit commit = object::parse_commit(input);
    const Bytes written = object::serialize_commit(commit);
    fuzz::require(object::serialize_commit(object::parse_commit(written)) == written);
    fuzz::require(object::sizes_of(commit).size() <= input.size());
    object::binding_mismatch(commit, "os/test", "org.example.Os");
  });
}
