#pragma once

/// \file
/// What the commands of the content store begin with.

#include <optional>
#include <string>
#include <vector>

#include "cli/frame/command.hpp"
#include "xylem/store.hpp"

namespace xylem::cli {

/// The repository that the options mean. Throws as open_repo() does.
ObjectStore open_store(const Globals& globals);

/// "<checksum>.<kind>": as it is given, or the commit that a revision leads to. Throws
/// Error(NotFound).
std::string object_argument(const Globals& globals, const std::string& text);
std::vector<std::string> object_arguments(const Globals& globals,
                                          const std::vector<std::string>& texts);

/// The time that an option's value means. Throws Error(InvalidArgument) that quotes it.
std::optional<std::int64_t> time_argument(const std::string& text);

}  // namespace xylem::cli
