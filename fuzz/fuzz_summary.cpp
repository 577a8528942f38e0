// A summary that was taken has only refs and collections that stay inside.

#include "fuzz/fuzz.hpp"
#include "object/names/names.hpp"
#include "object/summary.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const object::Summary summary = object::parse_summary(input);
    for (const auto& ref : summary.refs) fuzz::require(object::is_valid_ref(ref.ref));
    for (const auto& [id, refs] : summary.collection_map)
      fuzz::require(object::is_valid_collection_id(id));
    const Bytes written = object::serialize_summary(summary);
    fuzz::require(object::serialize_summary(object::parse_summary(written)) == written);
  });
}
