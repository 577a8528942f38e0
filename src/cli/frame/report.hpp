#pragma once

#include "cli/frame/command.hpp"

namespace xylem::cli {

/// Inside a catch block: tells about the exception on standard error ("error: …", "hint: …", for a
/// usage error how the command is used) and returns the exit code: that of the kind, but always 1
/// when called as "ostree".
int report_current_exception(const Globals& globals);

}  // namespace xylem::cli
