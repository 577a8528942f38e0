#pragma once

/// \file
/// Where warnings and diagnostics of the library go: standard error, unless a program takes them.

#include <functional>
#include <string_view>

namespace xylem {

enum class LogSeverity { Warning, Info, Debug };

/// Called on any thread, by one at a time; must neither throw nor call xylem. `text` may have
/// several lines, and holds what others wrote: escape it for a terminal.
using LogFunction = std::function<void(LogSeverity, std::string_view text)>;

/// From now on, in the whole process, all that is no less severe than `least` goes to `function`
/// and nothing to standard error; an empty one brings that back. When this returns the former
/// function is not called any more.
void set_log_function(LogFunction function, LogSeverity least = LogSeverity::Warning);

}  // namespace xylem
