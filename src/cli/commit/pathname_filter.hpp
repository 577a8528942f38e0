#pragma once

#include <functional>
#include <string>

namespace xylem::cli {

/// "REGEX,REPLACEMENT", parted at the first comma, to a function that replaces every match in a
/// path; the replacement may refer to groups ("\\1"). Throws UsageError for anything else. The
/// function throws Error(InvalidArgument) for a path that is not UTF-8.
std::function<std::string(const std::string&)> make_pathname_filter(const std::string& text);

}  // namespace xylem::cli
