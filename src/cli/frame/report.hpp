#pragma once

#include <string>

namespace xylem::cli {

/// Inside a catch block: tells about the exception on standard error ("error: …", "hint: …", for a
/// usage error the help first) and returns the exit code: that of the kind, but always 1 when
/// called as "ostree".
int report_current_exception(const std::string& program);

}  // namespace xylem::cli
