#pragma once

/// \file
/// Room `cli/objects`: `objects`, `lease` and `label`: the content store. Knows nothing of other
/// commands.
///
/// The three commands, and those below `objects`.

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_objects(CLI::App& app, Globals& globals);
void add_lease(CLI::App& app, Globals& globals);
void add_label(CLI::App& app, Globals& globals);

void add_objects_list(CLI::App& group, Globals& globals);
void add_objects_info(CLI::App& group, Globals& globals);
void add_objects_cat(CLI::App& group, Globals& globals);
void add_objects_add(CLI::App& group, Globals& globals);
void add_objects_rm(CLI::App& group, Globals& globals);

}  // namespace xylem::cli
