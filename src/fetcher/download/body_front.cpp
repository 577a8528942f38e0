#include "fetcher/download/body_front.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace xylem::fetcher {

namespace {

constexpr std::string_view page_blank = " \t\r\n\xef\xbb\xbf";  // with the mark of UTF-8 files

/// What pages begin with, as far as the front reaches.
bool begins_as_page(ByteView front) {
  const std::string text = lower_case(std::string(as_text(front)));
  const auto first = text.find_first_not_of(page_blank);
  if (first == text.npos) return !text.empty();
  const std::string_view rest = std::string_view(text).substr(first);
  constexpr std::array<std::string_view, 8> beginnings = {"<!doctype", "<html",   "<head", "<body",
                                                          "<!--",      "<script", "<meta", "<?xml"};
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) {
    const auto size = std::min(beginning.size(), rest.size());
    return beginning.substr(0, size) == rest.substr(0, size);
  });
}

bool says_gzip(const ResponseHead& head) {
  return head.content_encoding == "gzip" || head.content_encoding == "x-gzip";
}

}  // namespace

bool has_odd_headers(const ResponseHead& head) {
  return head.html || says_gzip(head);
}

bool is_page(const ResponseHead& head, ByteView front) {
  return head.html && (is_gzip(head, front) || begins_as_page(front));
}

bool is_gzip(const ResponseHead& head, ByteView front) {
  return says_gzip(head) && front.size() >= 2 && front[0] == 0x1f && front[1] == 0x8b;
}

}  // namespace xylem::fetcher
