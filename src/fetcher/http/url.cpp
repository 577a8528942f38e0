#include "fetcher/http/url.hpp"

#include <algorithm>

#include "fetcher/http/target.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

std::string join_url(std::string_view base, std::string_view path) {
  const auto query = base.find('?');
  const std::string_view tail = query == base.npos ? "" : base.substr(query);
  base = base.substr(0, query);
  while (base.ends_with('/')) base.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  std::string url;
  url.reserve(base.size() + 1 + path.size() + tail.size());
  return url.append(base).append("/").append(path).append(tail);
}

namespace {

/// Where user name and password end: behind an '@' of the authority, or, when an unescaped slash in
/// a password has cut it short, behind the last '@' of all.
std::size_t end_of_userinfo(std::string_view url, std::size_t host, std::size_t host_end) {
  const auto at = url.substr(host, host_end - host).rfind('@');
  if (at != url.npos) return host + at + 1;
  const auto colon = url.substr(host, host_end - host).rfind(':');
  const bool odd_port =
      colon != url.npos && url[host] != '[' &&
      url.substr(host + colon + 1, host_end - host - colon - 1).find_first_not_of("0123456789") !=
          url.npos;
  const auto last_at = url.rfind('@');
  return odd_port && last_at != url.npos ? last_at + 1 : host;
}

}  // namespace

std::string redact_url(std::string_view url) {
  const auto scheme_end = url.find("://");
  const auto host = scheme_end == url.npos ? 0 : scheme_end + 3;
  const auto host_end = std::min(url.find_first_of("/?#", host), url.size());
  const auto rest = end_of_userinfo(url, host, host_end);
  const auto query = url.find('?', rest);
  std::string shown(url.substr(0, host));
  if (query == url.npos) return shown.append(url.substr(rest));
  return shown.append(url.substr(rest, query - rest)).append("?…");
}

std::string redact_pins(std::string text) {
  constexpr std::string_view start = "pin-value=";
  for (auto at = text.find(start); at != text.npos; at = text.find(start, at)) {
    at += start.size();
    const auto end = std::min(text.find_first_of(";&?'\" \n", at), text.size());
    text.replace(at, end - at, "…");
  }
  return text;
}

void validate_url(std::string_view url) {
  static_cast<void>(parse_target(url));
}

bool is_web_url(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
  try {
    validate_url(url);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace xylem::fetcher
