#include "pull/remote/mirror_list.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "fetcher/http/url.hpp"

namespace xylem::pull {

namespace {

constexpr std::string_view prefix = "mirrorlist=";
/// Nobody has more; what is longer is no list of mirrors.
constexpr std::size_t most_mirrors = 256;

}  // namespace

std::vector<std::string> parse_mirror_list(ByteView bytes) {
  std::vector<std::string> mirrors;
  std::string_view text = as_text(bytes);
  while (!text.empty() && mirrors.size() < most_mirrors) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string line(trimmed(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (fetcher::is_web_url(line) && std::ranges::find(mirrors, line) == mirrors.end())
      mirrors.push_back(line);
  }
  return mirrors;
}

bool is_mirror_list(const std::string& url) {
  return url.starts_with(prefix);
}

std::string mirror_list_url(const std::string& url) {
  return url.substr(prefix.size());
}

}  // namespace xylem::pull
