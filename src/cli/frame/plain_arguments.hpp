#pragma once

/// \file
/// Arguments as CLI11 understands them, which reads more into some than was meant.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace xylem::cli {

/// `--name=` becomes two arguments, as CLI11 would take the next one for the value; arguments that
/// are no options are protected. Throws UsageError for a flag with an empty value.
std::vector<std::string> plain_arguments(const CLI::App& command,
                                         const std::vector<std::string>& arguments);

/// CLI11 takes "[a,b]" for a list of two.
std::string protect(const std::string& argument);
/// Takes back what protect() did.
std::string unprotect(const std::string& argument);

}  // namespace xylem::cli
