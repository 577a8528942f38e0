#pragma once

/// \file
/// Commands that are programs of their own.

#include <string>
#include <vector>

namespace xylem::cli {

/// Runs, in place of this process, what may stand behind a command that is not built in: the
/// program `PROGRAM-NAME` in PATH (`xylem-NAME` or `ostree-NAME`, that of our own name first), or,
/// for a command of libostree that xylem does not have, the `ostree` of libostree. `arguments` are
/// those behind the program's name without the command. Returns if there is no such program.
/// Throws Error(Unsupported) if libostree's command is wanted and not installed, Error(Io) if a
/// program cannot be run.
void run_external_command(const std::string& program, const std::string& name,
                          const std::vector<std::string>& arguments);

/// Pure. Whether it is a command of libostree that xylem leaves to it.
bool is_left_to_libostree(const std::string& name);

}  // namespace xylem::cli
