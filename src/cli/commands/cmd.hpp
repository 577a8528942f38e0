#pragma once

/// \file
/// Room `cli/commands`: the other commands, one file each. Knows nothing of each other.
///
/// The commands that have no room of their own, in the order of their names.

#include "cli/frame/command.hpp"

namespace xylem::cli {

void add_cat(CLI::App& app, Globals& globals);
void add_checkout(CLI::App& app, Globals& globals);
void add_checksum(CLI::App& app, Globals& globals);
void add_completion(CLI::App& app, Globals& globals);
void add_config(CLI::App& app, Globals& globals);
void add_create_usb(CLI::App& app, Globals& globals);
void add_diff(CLI::App& app, Globals& globals);
void add_export(CLI::App& app, Globals& globals);
void add_find_remotes(CLI::App& app, Globals& globals);
void add_fsck(CLI::App& app, Globals& globals);
void add_gpg_sign(CLI::App& app, Globals& globals);
void add_init(CLI::App& app, Globals& globals);
void add_interpose(CLI::App& app, Globals& globals);
void add_log(CLI::App& app, Globals& globals);
void add_ls(CLI::App& app, Globals& globals);
void add_prune(CLI::App& app, Globals& globals);
void add_pull(CLI::App& app, Globals& globals);
void add_pull_local(CLI::App& app, Globals& globals);
void add_recover(CLI::App& app, Globals& globals);
void add_transfers(CLI::App& app, Globals& globals);
void add_refs(CLI::App& app, Globals& globals);
void add_reset(CLI::App& app, Globals& globals);
void add_rev_parse(CLI::App& app, Globals& globals);
void add_serve(CLI::App& app, Globals& globals);
void add_show(CLI::App& app, Globals& globals);
void add_sign(CLI::App& app, Globals& globals);
void add_summary(CLI::App& app, Globals& globals);

}  // namespace xylem::cli
