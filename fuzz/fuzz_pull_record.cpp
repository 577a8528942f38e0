// What another pull wrote about itself is written and read again the same.

#include "fuzz/fuzz.hpp"
#include "object/names/names.hpp"
#include "pull/downloads/pull_record.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const auto record = pull::parse_pull_record(as_text(input));
    if (record) fuzz::require(pull::parse_pull_record(pull::format_pull_record(*record)) == record);
  });
}
