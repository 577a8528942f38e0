#pragma once

#include <string>
#include <vector>

namespace xylem {

/// Where removable volumes are mounted, and others that desktops show: not the system's own.
std::vector<std::string> mounted_volumes();

}  // namespace xylem
