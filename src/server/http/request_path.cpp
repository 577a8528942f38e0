#include "server/http/request_path.hpp"

#include <charconv>

namespace xylem::server {

namespace {

/// The path of a target in absolute form, as sent to proxies; other targets stay as they are.
std::string_view without_origin(std::string_view target) {
  const auto scheme_end = target.find("://");
  if (!target.starts_with("http") || scheme_end == target.npos) return target;
  const auto path = target.find('/', scheme_end + 3);
  return path == target.npos ? "/" : target.substr(path);
}

/// The character that `%XX` at the front of `text` stands for.
std::optional<char> decode_escape(std::string_view text) {
  unsigned value = 0;
  if (text.size() < 3) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, value, 16);
  if (error != std::errc() || end != text.data() + 3 || value == 0) return std::nullopt;
  return static_cast<char>(value);
}

}  // namespace

std::optional<std::string> request_path(std::string_view target) {
  target = without_origin(target);
  target = target.substr(0, target.find_first_of("?#"));
  if (!target.starts_with('/')) return std::nullopt;
  target.remove_prefix(std::min(target.find_first_not_of('/'), target.size()));
  std::string path;
  path.reserve(target.size());
  while (!target.empty()) {
    const bool escaped = target.front() == '%';
    const auto letter = escaped ? decode_escape(target) : target.front();
    if (!letter || *letter == '\0') return std::nullopt;
    path.push_back(*letter);
    target.remove_prefix(escaped ? 3 : 1);
  }
  return path;
}

}  // namespace xylem::server
