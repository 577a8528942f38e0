#include "cli/remote/cmd_remote.hpp"

namespace xylem::cli {

void add_remote(CLI::App& app, Globals& globals) {
  CLI::App* remote = add_plain_command(
      app, "remote", "Remote commands that may involve internet access", "COMMAND");
  add_remote_add(*remote, globals);
  add_remote_delete(*remote, globals);
  add_remote_show_url(*remote, globals);
  add_remote_list(*remote, globals);
  add_remote_gpg(*remote, globals);
  add_remote_cookies(*remote, globals);
  add_remote_refs(*remote, globals);
  add_remote_summary(*remote, globals);
}

}  // namespace xylem::cli
