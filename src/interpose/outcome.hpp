#pragma once

/// \file
/// How calls of the engine end.

#include <functional>
#include <string>

#include "interpose/call.h"

namespace xylem::interpose {

/// Does `work`, which returns the note, and turns what it throws into an outcome. What this build
/// or this repository cannot do is left to libostree: nothing was published then.
xylem_ostree_outcome outcome_of(const xylem_ostree_call& call,
                                const std::function<std::string()>& work, char** note,
                                GError** error);

}  // namespace xylem::interpose
