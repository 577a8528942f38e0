// What a server says before a body.

#include "fetcher/http/response_head.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    fetcher::ResponseHead head;
    auto text = as_text(input);
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n') + 1);
      head.take_line(line.empty() ? text : line);
      text.remove_prefix(line.empty() ? text.size() : line.size());
    }
    fuzz::require(head.cache_headers.size() <= 4096);
    // What is sent back in requests cannot end a line there.
    for (const std::string& sent : {head.validators.etag, head.validators.last_modified})
      fuzz::require(sent.find_first_of("\r\n") == sent.npos);
  });
}
