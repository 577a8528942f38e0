// Where a server redirects to: to the web only, and with no secrets for another origin.

#include "fetcher/http/redirect_table.hpp"
#include "fetcher/http/url.hpp"
#include "fuzz/fuzz.hpp"

using namespace xylem;

namespace {

void check_target(const fetcher::Target& first, const fetcher::Target& target) {
  fuzz::require(fetcher::is_web_url(target.url));
  if (target.origin == first.origin) return;
  fuzz::require(!target.trusted && target.password != first.password);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    constexpr std::string_view path = "objects/ab/cd.filez";
    const fetcher::Target first =
        fetcher::parse_target("https://user:s3cret@host.example:8443/repo/objects/ab/cd.filez");
    const std::string_view text = as_text(input);
    fetcher::redact_url(text);
    const auto target = fetcher::redirect_target(first, text);
    if (!target) return;
    check_target(first, *target);
    fuzz::require(target->shown.find(first.password) == std::string::npos ||
                  text.find(first.password) != std::string_view::npos);
    fetcher::RedirectTable table;
    table.learn(first, *target, path);
    if (const auto learnt = table.find(first, path)) check_target(first, *learnt);
  });
}
