// A metalink names nothing but web addresses.

#include "fuzz/fuzz.hpp"
#include "pull/remote/metalink.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const pull::Metalink entry = pull::parse_metalink(input, "summary");
    for (const std::string& url : entry.urls)
      fuzz::require(url.starts_with("http://") || url.starts_with("https://"));
    pull::check_against(entry, input);
  });
}
