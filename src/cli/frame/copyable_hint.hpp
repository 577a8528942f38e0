#pragma once

#include <string>

namespace xylem::cli {

/// A hint whose commands can be copied: those that look at our repository get its --repo. Pure.
std::string copyable_hint(const std::string& hint, const std::string& repo);

}  // namespace xylem::cli
