#include "server/http/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace xylem::server {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

RangeChoice last_bytes(std::uint64_t count, std::uint64_t file_size) {
  if (count == 0 || file_size == 0) return {RangeKind::Unsatisfiable};
  const std::uint64_t size = std::min(count, file_size);
  return {RangeKind::Part, {file_size - size, size}};
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t file_size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return {};
  const std::string_view spec = header.substr(unit.size());
  const auto dash = spec.find('-');
  if (dash == spec.npos) return {};
  const auto first = parse_number(spec.substr(0, dash));
  const std::string_view end = spec.substr(dash + 1);
  const auto last = parse_number(end);
  if (dash == 0) return last ? last_bytes(*last, file_size) : RangeChoice{};
  if (!first || (!last && !end.empty()) || (last && *last < *first)) return {};
  if (*first >= file_size) return {RangeKind::Unsatisfiable};
  const std::uint64_t stop = last ? std::min(*last, file_size - 1) : file_size - 1;
  return {RangeKind::Part, {*first, stop - *first + 1}};
}

}  // namespace xylem::server
