#pragma once

#include <string_view>

namespace xylem::cli {

/// The script in completion/ of this shell: "bash", "zsh" or "fish". Empty for others.
std::string_view completion_script(std::string_view shell);

}  // namespace xylem::cli
