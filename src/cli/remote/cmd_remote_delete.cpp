#include <fmt/format.h>

#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "object/names/names.hpp"
#include "repo/keyrings.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct RemoteDeleteOptions {
  bool if_exists = false;
  std::optional<std::string> name;
};

void run(const CLI::App& command, const Globals& globals, const RemoteDeleteOptions& options) {
  if (!options.name) usage_error(command, "NAME must be specified");
  repo::Repo repo = open_writable_repo(globals);
  object::validate_remote_name(*options.name);
  if (!repo.has_remote(*options.name)) {
    if (options.if_exists) return;
    throw Error(ErrorKind::NotFound, fmt::format("Remote \"{}\" not found", *options.name));
  }
  if (!repo.remove_remote(*options.name))
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("Remote \"{}\" is not defined in this repository's config", *options.name))
        .hint("Delete it in the parent repository.");
  repo::remove_remote_keyring(repo, *options.name);
}

}  // namespace

void add_remote_delete(CLI::App& remote, Globals& globals) {
  auto options = std::make_shared<RemoteDeleteOptions>();
  CLI::App* command = add_command(remote, globals, "delete", "Delete a remote repository", "NAME");
  add_flag(*command, "--if-exists", options->if_exists,
           "Do nothing if the provided remote does not exist");
  add_sysroot_option(*command, globals);
  add_arguments(*command, "name", options->name);
  on_run(*command, [=, &globals] { run(*command, globals, *options); });
}

}  // namespace xylem::cli
