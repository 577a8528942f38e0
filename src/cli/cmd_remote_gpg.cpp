#include "cli/remote_commands.hpp"

namespace xylem::cli {

namespace {

/// Takes the options, so that a script hears what is missing instead of a usage error.
void add_unsupported(CLI::App& remote, Globals& globals, const std::string& name,
                     const std::string& description, const std::string& arguments) {
  CLI::App* command = add_command(remote, globals, name, description, arguments);
  command->allow_extras();
  command->callback([name] {
    throw Error(ErrorKind::Unsupported,
                "remote " + name + ": GPG is not supported by this version");
  });
}

}  // namespace

void add_remote_gpg(CLI::App& remote, Globals& globals) {
  add_unsupported(remote, globals, "gpg-import", "Import GPG keys", "NAME [KEY-ID...]");
  add_unsupported(remote, globals, "gpg-list-keys", "Show remote GPG keys", "NAME");
}

}  // namespace xylem::cli
