#include "tree/commit/archive_path.hpp"

#include <fmt/format.h>
#include <linux/limits.h>

#include "base/path.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

[[noreturn]] void refuse_path(std::string_view path, std::string_view why) {
  throw Error(
      ErrorKind::InvalidArgument, fmt::format("{} in path {}", why, object::quoted(path)),
      {.hint = "this archive is not meant to be unpacked as a tree; list it with 'tar tf'"});
}

/// As if there were nothing above the root.
std::string_view below_root(std::string_view name) {
  while (name.starts_with('/')) name.remove_prefix(name.starts_with("/../") ? 3 : 1);
  return name;
}

}  // namespace

std::string archive_path(std::string_view name) {
  std::string_view path = below_root(name);
  while (path.starts_with("./") || path.starts_with('/'))
    path.remove_prefix(path[0] == '.' ? 2 : 1);
  if (path == ".") path = {};
  archive_path_names(path);
  return std::string(path);
}

std::vector<std::string> archive_path_names(std::string_view path) {
  if (path.size() > PATH_MAX)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Path {} is too long", object::quoted(path)));
  std::vector<std::string> names;
  for (const std::string_view name : path_components(path)) {
    if (name == "..") refuse_path(path, "Invalid uplink '..'");
    if (name == ".") refuse_path(path, "Invalid self-reference '.'");
    names.emplace_back(name);
  }
  return names;
}

}  // namespace xylem::tree
