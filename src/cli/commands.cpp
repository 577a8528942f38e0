#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <initializer_list>

#include "cli/commands/cmd.hpp"
#include "cli/commit/cmd_commit.hpp"
#include "cli/delta/cmd_static_delta.hpp"
#include "cli/objects/cmd_objects.hpp"
#include "cli/remote/cmd_remote.hpp"

namespace xylem::cli {

namespace {

/// Headings of the list in help; called as `ostree` there is one list.
void group_commands(CLI::App& app) {
  struct Group {
    const char* heading;
    std::initializer_list<const char*> commands;
  };
  const Group groups[] = {
      {"Pulling",
       {"pull", "pull-local", "remote", "transfers", "find-remotes", "create-usb", "static-delta"}},
      {"Repository", {"init", "config", "fsck", "recover", "prune"}},
      {"Tree", {"checkout", "commit", "export", "checksum", "ls", "cat", "diff"}},
      {"Ref", {"refs", "rev-parse", "reset", "log", "show"}},
      {"Server", {"summary", "serve", "sign", "gpg-sign"}},
      {"Other", {"completion", "interpose"}}};
  for (const Group& group : groups)
    for (const char* command : group.commands) app.get_subcommand(command)->group(group.heading);
}

}  // namespace

void add_commands(CLI::App& app, Globals& globals) {
  add_cat(app, globals);
  add_checkout(app, globals);
  add_checksum(app, globals);
  add_commit(app, globals);
  add_completion(app, globals);
  add_config(app, globals);
  add_create_usb(app, globals);
  add_diff(app, globals);
  add_export(app, globals);
  add_find_remotes(app, globals);
  add_fsck(app, globals);
  add_gpg_sign(app, globals);
  add_init(app, globals);
  add_interpose(app, globals);
  add_label(app, globals);
  add_lease(app, globals);
  add_log(app, globals);
  add_ls(app, globals);
  add_objects(app, globals);
  add_prune(app, globals);
  add_pull_local(app, globals);
  add_pull(app, globals);
  add_recover(app, globals);
  add_refs(app, globals);
  add_remote(app, globals);
  add_reset(app, globals);
  add_rev_parse(app, globals);
  add_serve(app, globals);
  add_show(app, globals);
  add_sign(app, globals);
  add_static_delta(app, globals);
  add_summary(app, globals);
  add_transfers(app, globals);
  if (globals.program != "ostree") group_commands(app);
}

}  // namespace xylem::cli
