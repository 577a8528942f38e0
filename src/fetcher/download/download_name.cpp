#include "fetcher/download/download_name.hpp"

#include <fmt/format.h>

#include <climits>

#include "xylem/error.hpp"

namespace xylem::fetcher {

namespace {

constexpr std::string_view part_suffix = ".part";
constexpr std::string_view record_suffix = ".json";
constexpr std::string_view anonymous_prefix = "anonymous-";

}  // namespace

std::string part_name(std::string_view name) {
  return fmt::format("{}{}", name, part_suffix);
}

std::string record_name(std::string_view name) {
  return fmt::format("{}{}", name, record_suffix);
}

std::array<std::string, 3> download_files(std::string_view name) {
  return {record_name(name), part_name(name), std::string(name)};
}

std::string download_of(std::string_view file_name) {
  for (const std::string_view suffix : {part_suffix, record_suffix})
    if (file_name.ends_with(suffix)) file_name.remove_suffix(suffix.size());
  return std::string(file_name);
}

std::string anonymous_name(std::uint64_t number) {
  return fmt::format("{}{}", anonymous_prefix, number);
}

bool is_anonymous_name(std::string_view name) {
  return name.starts_with(anonymous_prefix);
}

void check_download_name(std::string_view name) {
  const bool component = !name.empty() && name != "." && name != ".." &&
                         name.find('/') == name.npos && name.find('\0') == name.npos &&
                         name.size() + part_suffix.size() <= NAME_MAX;
  if (!component || is_anonymous_name(name) || name.ends_with(part_suffix) ||
      name.ends_with(record_suffix))
    throw Error(ErrorKind::InvalidArgument, fmt::format("\"{}\" cannot name a download", name));
}

}  // namespace xylem::fetcher
