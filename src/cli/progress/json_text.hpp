#pragma once

/// \file
/// JSON for programs that read our output.

#include <nlohmann/json.hpp>

#include "base/error_list.hpp"

namespace xylem::cli {

using Json = nlohmann::ordered_json;

/// Writes an object as one line to standard output, at once. Bytes that are not UTF-8 are replaced.
void print_json_line(const Json& object);

/// What is known about an error: "kind", "message", and those details that are not empty.
Json json_of(const std::exception& error);
/// An array, with one object for each error that was kept.
Json json_of(const ErrorList& failures);

}  // namespace xylem::cli
