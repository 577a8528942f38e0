#pragma once

/// \file
/// Room `cli/delta`: `static-delta` and its subcommands. Knows nothing of other commands.
///
/// `static-delta`, and the commands below it.

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_static_delta(CLI::App& app, Globals& globals);

void add_delta_apply(CLI::App& group, Globals& globals);
void add_delta_delete(CLI::App& group, Globals& globals);
void add_delta_generate(CLI::App& group, Globals& globals);
void add_delta_indexes(CLI::App& group, Globals& globals);
void add_delta_list(CLI::App& group, Globals& globals);
void add_delta_reindex(CLI::App& group, Globals& globals);
void add_delta_show(CLI::App& group, Globals& globals);
void add_delta_verify(CLI::App& group, Globals& globals);

}  // namespace xylem::cli
