#pragma once

/// \file
/// From the target of a request to a path below the root. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace xylem::server {

/// The path without leading slashes, with percent-encoding undone and the query cut off. nullopt if
/// the target is no path, or its encoding is broken, or it holds a null character. It may still
/// hold "..": whoever opens it must do so beneath the root.
std::optional<std::string> request_path(std::string_view target);

}  // namespace xylem::server
