// The record beside a partial download is written and read again the same.

#include "fetcher/download/download_record.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const auto record = fetcher::parse_record(as_text(input));
    if (record) fuzz::require(fetcher::parse_record(fetcher::format_record(*record)) == record);
  });
}
