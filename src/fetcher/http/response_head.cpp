#include "fetcher/http/response_head.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/text.hpp"

namespace xylem::fetcher {

namespace {

bool same_name(std::string_view header, std::string_view lower_name) {
  return std::ranges::equal(header, lower_name, {}, lower_letter);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool in_order(const ContentRange& range) {
  return range.first && range.last && *range.first <= *range.last &&
         (!range.total || *range.last < *range.total);
}

/// "HTTP/1.1 200 OK" -> 200
long parse_status(std::string_view line) {
  const auto space = line.find(' ');
  if (space == line.npos) return 0;
  return static_cast<long>(parse_number(line.substr(space + 1, 3)).value_or(0));
}

/// What servers send is shown to people: no control characters, and no end of it.
std::string printable(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string shown(text.substr(0, longest));
  std::ranges::replace_if(
      shown, [](unsigned char letter) { return letter < 0x20 || letter >= 0x7f; }, '?');
  return shown;
}

bool is_control(unsigned char letter) {
  return letter < 0x20 || letter == 0x7f;
}

/// A validator is sent back to servers and proxies: one that could end a line there is none.
std::string validator(std::string_view value) {
  return std::ranges::any_of(value, is_control) ? std::string() : std::string(value);
}

bool tells_of_cache(std::string_view name) {
  return same_name(name, "age") || same_name(name, "x-cache") || same_name(name, "via");
}

std::string lowered(std::string_view text) {
  return lower_case(printable(text));
}

bool is_page_type(std::string_view value) {
  const std::string type = lowered(value);
  return type.starts_with("text/html") || type.starts_with("application/xhtml");
}

/// "identity" is no encoding.
std::string encoding_of(std::string_view value) {
  const std::string encoding = lowered(value);
  return encoding == "identity" ? "" : encoding;
}

void add_to_story(std::string& story, std::string_view name, std::string_view value) {
  constexpr std::size_t longest = 300;
  if (story.size() > longest) return;
  if (!story.empty()) story += ", ";
  story.append(name).append(": ").append(printable(value));
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  const auto slash = text.find('/');
  if (!text.starts_with(unit) || slash == text.npos) return std::nullopt;
  const std::string_view span = text.substr(unit.size(), slash - unit.size());
  const std::string_view total = text.substr(slash + 1);
  ContentRange range{.total = parse_number(total)};
  if (!range.total && total != "*") return std::nullopt;
  if (span == "*") return range.total ? std::optional(range) : std::nullopt;
  const auto dash = span.find('-');
  if (dash == span.npos) return std::nullopt;
  range.first = parse_number(span.substr(0, dash));
  range.last = parse_number(span.substr(dash + 1));
  return in_order(range) ? std::optional(range) : std::nullopt;
}

std::optional<std::int64_t> parse_lenient_date(std::string_view text) {
  const std::int64_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  return seconds < 0 ? std::nullopt : std::optional(seconds);
}

std::optional<std::uint32_t> parse_retry_after(std::string_view text, std::int64_t now) {
  constexpr std::uint64_t most = UINT32_MAX;
  if (const auto seconds = parse_number(text))
    return static_cast<std::uint32_t>(std::min(*seconds, most));
  const auto date = parse_lenient_date(text);
  if (!date) return std::nullopt;
  const auto wait = static_cast<std::uint64_t>(std::max<std::int64_t>(*date - now, 0));
  return static_cast<std::uint32_t>(std::min(wait, most));
}

void ResponseHead::take_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    *this = {.status = parse_status(line)};
    closes = line.starts_with("HTTP/1.0") || line.starts_with("HTTP/0");
    return;
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (same_name(name, "etag")) validators.etag = validator(value);
  if (same_name(name, "last-modified")) validators.last_modified = validator(value);
  if (same_name(name, "content-length")) content_length = parse_number(value);
  if (same_name(name, "content-encoding")) encoded = !same_name(value, "identity");
  if (same_name(name, "content-range")) content_range = parse_content_range(value);
  if (same_name(name, "retry-after")) retry_after = parse_retry_after(value, std::time(nullptr));
  if (same_name(name, "connection")) closes = lowered(value) == "close";
  if (same_name(name, "content-type")) html = is_page_type(value);
  if (same_name(name, "content-encoding")) content_encoding = encoding_of(value);
  const bool odd = (same_name(name, "content-type") && html) ||
                   (same_name(name, "content-encoding") && !content_encoding.empty());
  if (odd || tells_of_cache(name)) add_to_story(cache_headers, name, value);
}

}  // namespace xylem::fetcher
