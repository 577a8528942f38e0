#pragma once

#include <string_view>

namespace xylem::cli {

/// "1", "true", "yes", "0", "false", "no" or "none", in any case. Throws UsageError that names the
/// text.
bool parse_boolean(std::string_view text);

}  // namespace xylem::cli
