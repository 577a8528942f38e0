#pragma once

/// \file
/// Files and standard input that options name.

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::cli {

/// The whole file; "-" is a name like any other. Throws Error(Io), and Error(Corrupt) past 64 MiB.
std::string read_input_file(const std::string& path);
/// All of standard input, with the same limit.
std::string read_standard_input();

/// The lines of a file; empty ones are left out.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace xylem::cli
