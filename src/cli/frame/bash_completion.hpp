#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace xylem::cli {

/// A completion script for bash: commands and options of `app` as they are, remotes and refs asked
/// from the repository when they are needed.
std::string bash_completion(const CLI::App& app);

}  // namespace xylem::cli
