#include "tree/checkout/whiteout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

constexpr std::string_view prefix = ".wh.";
constexpr std::string_view passthrough_prefix = ".ostree-wh.";
constexpr std::string_view opaque_name = ".wh..wh..opq";

std::optional<std::string> name_behind(std::string_view start, std::string_view name) {
  if (!name.starts_with(start)) return std::nullopt;
  std::string hidden(name.substr(start.size()));
  if (!object::is_valid_file_name(hidden))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Invalid whiteout {}", object::quoted(name)));
  return hidden;
}

}  // namespace

std::optional<std::string> hidden_name(std::string_view name) {
  return name_behind(prefix, name);
}

std::optional<std::string> passthrough_name(std::string_view name) {
  return name_behind(passthrough_prefix, name);
}

bool is_opaque(const object::DirTree& tree) {
  return std::any_of(tree.files.begin(), tree.files.end(),
                     [](const auto& file) { return file.name == opaque_name; });
}

}  // namespace xylem::tree
