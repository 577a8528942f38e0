#include "fetcher/http/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "fetcher/http/url.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

constexpr std::array<const char*, 6> variables = {"http_proxy", "https_proxy", "HTTPS_PROXY",
                                                  "all_proxy",  "ALL_PROXY",   "HTTP_PROXY"};

bool has_user(std::string_view url) {
  return url.find('@') != url.npos;
}

bool environment_has_user() {
  return std::ranges::any_of(variables, [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && has_user(value);
  });
}

}  // namespace

void check_proxy(std::string_view url) {
  constexpr std::array<std::string_view, 6> schemes = {"http",    "https",  "socks4",
                                                       "socks4a", "socks5", "socks5h"};
  const auto end = url.find("://");
  if (end == url.npos) return;  // http
  const std::string scheme = lower_case(std::string(url.substr(0, end)));
  if (std::ranges::find(schemes, scheme) != schemes.end()) return;
  ErrorDetails details{.url = redact_url(url),
                       .hint =
                           "set the proxy of the remote to a URL such as http://HOST:PORT; the "
                           "schemes are http, https, socks4, socks4a, socks5 and socks5h"};
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("the proxy \"{}\" cannot be used: there is no kind of proxy called {}",
                          redact_url(url), scheme),
              std::move(details));
}

std::string proxy_login_of(const FetcherOptions& options) {
  const bool user = options.proxy ? has_user(*options.proxy) : environment_has_user();
  return user ? "proxy" : "";
}

}  // namespace xylem::fetcher
