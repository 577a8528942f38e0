#include "pull/commit/subpath.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/path.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// Whether `path` is `ancestor` or lies below it.
bool is_within(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '/');
}

/// Collapses slashes and checks the components.
std::string normalize(std::string_view text) {
  if (!text.starts_with('/'))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--subpath={} must start with a slash", text));
  std::string path;
  for (const std::string_view part : path_components(text)) {
    if (part == "." || part == "..")
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("A --subpath may not have the component '{}'", part));
    path.append("/").append(part);
  }
  return path;
}

std::string_view without_root(std::string_view path) {
  return path == "/" ? "" : path;
}

}  // namespace

SubpathFilter::SubpathFilter(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) wanted_.push_back(normalize(path));
}

SubpathFilter::Verdict SubpathFilter::directory(std::string_view path) const {
  if (selects_everything()) return Verdict::All;
  const std::string_view here = without_root(path);
  const auto contains = [&](const std::string& wanted) { return is_within(here, wanted); };
  const auto leads_to = [&](const std::string& wanted) { return is_within(wanted, here); };
  if (std::ranges::any_of(wanted_, contains)) return Verdict::All;
  return std::ranges::any_of(wanted_, leads_to) ? Verdict::Descend : Verdict::Skip;
}

bool SubpathFilter::file(std::string_view path) const {
  return selects_everything() || std::ranges::find(wanted_, path) != wanted_.end();
}

std::string child_path(std::string_view directory, std::string_view name) {
  std::string path(without_root(directory));
  return path.append("/").append(name);
}

}  // namespace xylem::pull
