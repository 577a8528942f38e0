#pragma once

#include <string>
#include <vector>

namespace xylem::test {

struct ProcessResult {
  int status = 0;      ///< Exit status, or 128 + the number of the signal that ended it.
  std::string output;  ///< Standard output; standard error goes to the test's own.
};

/// Runs a program, found in $PATH, to its end.
ProcessResult run(const std::vector<std::string>& command);
/// As above; throws std::runtime_error unless the status is 0. Returns the output without the
/// newline at its end.
std::string run_ok(const std::vector<std::string>& command);

}  // namespace xylem::test
