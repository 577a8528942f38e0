#pragma once

/// \file
/// Room `cli/remote`: `remote` and the commands below it. Knows nothing of other commands.
///
/// `remote`, and the commands below it.

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_remote(CLI::App& app, Globals& globals);

void add_remote_add(CLI::App& remote, Globals& globals);
void add_remote_delete(CLI::App& remote, Globals& globals);
void add_remote_show_url(CLI::App& remote, Globals& globals);
void add_remote_list(CLI::App& remote, Globals& globals);
void add_remote_gpg(CLI::App& remote, Globals& globals);
void add_remote_cookies(CLI::App& remote, Globals& globals);
void add_remote_refs(CLI::App& remote, Globals& globals);
void add_remote_summary(CLI::App& remote, Globals& globals);

}  // namespace xylem::cli
