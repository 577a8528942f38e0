#include "fetcher/http/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
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

namespace {

struct Free {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};
using UrlPtr = std::unique_ptr<CURLU, Free>;

std::string part(const UrlPtr& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return {};
  return std::unique_ptr<char, Free>(text).get();
}

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  const std::string shown = redact_url(url);
  ErrorDetails details{.url = shown, .hint = "give a URL such as https://example.com/repo"};
  throw Error(ErrorKind::InvalidArgument, fmt::format("\"{}\" is not a usable URL: {}", shown, why),
              std::move(details));
}

[[noreturn]] void refuse_scheme(std::string_view url) {
  const std::string shown = redact_url(url);
  ErrorDetails details{.url = shown, .hint = "use http, https or file, as in https://example.com"};
  throw Error(ErrorKind::InvalidArgument, fmt::format("Invalid URI scheme in {}", shown),
              std::move(details));
}

UrlPtr parse(std::string_view text) {
  UrlPtr url(curl_url());
  if (!url) throw std::bad_alloc();
  if (text.find('\0') != text.npos) refuse(text, "it holds a null character");
  // What a browser takes: blanks, and letters of all languages.
  constexpr unsigned lenient = CURLU_ALLOW_SPACE | CURLU_URLENCODE;
  const auto result = curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), lenient);
  if (result == CURLUE_UNSUPPORTED_SCHEME) refuse_scheme(text);
  if (result != CURLUE_OK) refuse(text, curl_url_strerror(result));
  return url;
}

std::string origin_of(const UrlPtr& url) {
  return part(url, CURLUPART_SCHEME) + "://" + part(url, CURLUPART_HOST) + ":" +
         part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

bool is_http(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

/// curl would take the first component of the path instead.
bool lacks_host(std::string_view text) {
  return text.find(":///") == text.find(':');
}

/// What "%0d%0a" becomes could end a line of a request where the URL's parts are put into headers.
/// Only in front of the path: behind it, such an escape is sent as it is.
bool escapes_control(std::string_view text) {
  const std::size_t host = text.find("://");
  const std::size_t end = host == text.npos ? 0 : text.find_first_of("/?#", host + 3);
  for (std::size_t at = text.find('%'); at < std::min(end, text.size());
       at = text.find('%', at + 1))
    if (at + 2 < text.size() && (text[at + 1] == '0' || text[at + 1] == '1')) return true;
  return false;
}

}  // namespace

Target parse_target(std::string_view given) {
  const std::string_view text = trimmed(given);
  const UrlPtr url = parse(text);
  const std::string scheme = part(url, CURLUPART_SCHEME);
  if (!is_http(scheme) && scheme != "file") refuse_scheme(text);
  if (is_http(scheme) && lacks_host(text)) refuse(text, "it has no host");
  if (escapes_control(text)) refuse(text, "it holds an escaped control character");
  Target target{.origin = origin_of(url),
                .user = part(url, CURLUPART_USER, CURLU_URLDECODE),
                .password = part(url, CURLUPART_PASSWORD, CURLU_URLDECODE)};
  curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  target.url = part(url, CURLUPART_URL);
  target.shown = redact_url(target.url);
  return target;
}

std::string path_of_file_url(std::string_view text) {
  return part(parse(text), CURLUPART_PATH, CURLU_URLDECODE);
}

std::optional<Target> redirect_target(const Target& first, std::string_view location) {
  Target target;
  try {
    target = parse_target(location);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (!is_http(std::string_view(target.origin).substr(0, target.origin.find(':'))))
    return std::nullopt;
  const bool same_origin = target.origin == first.origin;
  target.trusted = first.trusted && same_origin;
  target.user = same_origin ? first.user : "";
  target.password = same_origin ? first.password : "";
  return target;
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
