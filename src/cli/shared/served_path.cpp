#include "cli/shared/served_path.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/path.hpp"

namespace xylem::cli {

namespace {

constexpr std::array<std::string_view, 5> files = {"summary", "summary.sig", "summary.idx",
                                                   "summary.idx.sig", "config"};
/// All that is below these.
constexpr std::array<std::string_view, 6> directories = {
    "objects/", "refs/heads/", "refs/mirrors/", "deltas/", "delta-indexes/", "summaries/"};

bool is_hidden(std::string_view name) {
  return name.starts_with('.');
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// "objects/ab/<62 digits>.<extension>".
bool is_object(const std::vector<std::string_view>& names) {
  constexpr std::size_t digits = 62;
  return names.size() == 3 && names[1].size() == 2 && is_hex(names[1]) &&
         names[2].find('.') == digits && is_hex(names[2].substr(0, digits));
}

bool is_read(std::string_view path) {
  return std::ranges::find(files, path) != files.end() ||
         std::ranges::any_of(
             directories, [&](std::string_view directory) { return path.starts_with(directory); });
}

/// Where in `path` the part that is_read() begins; npos if there is none.
std::size_t start_of(std::string_view path) {
  for (std::size_t at = 0; at != path.npos && at < path.size();) {
    if (is_read(path.substr(at))) return at;
    const std::size_t slash = path.find('/', at);
    at = slash == path.npos ? path.npos : slash + 1;
  }
  return path.npos;
}

}  // namespace

ServedPath served_path(std::string_view path) {
  const std::size_t start = start_of(path);
  if (start == path.npos) return ServedPath::Nothing;
  const auto names = path_components(path.substr(start));
  if (std::ranges::any_of(names, is_hidden)) return ServedPath::Nothing;
  if (names.front() == "objects" && !is_object(names)) return ServedPath::Nothing;
  return path.substr(start) == "config" ? ServedPath::Config : ServedPath::File;
}

}  // namespace xylem::cli
