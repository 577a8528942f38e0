#pragma once

#include <string>
#include <string_view>

namespace xylem::repo {

/// `prefix` and six random letters and digits behind it, as mkdtemp() would choose them.
std::string random_name(std::string_view prefix);

}  // namespace xylem::repo
