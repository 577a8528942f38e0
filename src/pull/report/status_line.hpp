#pragma once

#include <string>

#include "xylem/pull.hpp"

namespace xylem::pull {

/// What came of a pull, in the words and units of libostree, for scripts that read them.
std::string status_line(const PullResult& result);

}  // namespace xylem::pull
