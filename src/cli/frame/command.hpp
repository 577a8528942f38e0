#pragma once

/// \file
/// Room `cli/frame`: what every command shares: options, values, help, messages, interrupts. Knows
/// nothing of what the commands do.
///
/// What every command shares. One command is one file: `cmd_<name>.cpp` with a function
/// `void add_<name>(CLI::App& app, Globals& globals)` that declares its options and sets a
/// callback; cli/commands.cpp lists them all.
///
/// A callback writes to standard output, throws Error when the job fails and calls usage_error()
/// when it was asked wrongly. run.cpp turns both into messages and exit codes.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/frame/options.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {
class Repo;
}

namespace xylem::cli {

/// Options that may stand before or behind the command's name.
struct Globals {
  std::string repo;     ///< --repo, else "." if it is one, else $OSTREE_REPO, else /ostree/repo.
  std::string sysroot;  ///< --sysroot of the commands that have it; wins over `repo`.
  bool verbose = false;
  /// The name that we were called by: "xylem", or "ostree" through a link of that name.
  std::string program = "xylem";
};

/// Path of the repository that the options mean, whether or not there is one.
std::string repo_path(const Globals& globals);
/// As above; throws Error(NotFound) if no option names one and there is none.
std::string existing_repo_path(const Globals& globals);
/// Opens the repository that the options mean; throws Error(NotFound) with ostree's wording.
repo::Repo open_repo(const Globals& globals);
/// As above, for commands that change it; throws Error(Io) that names it if we may not.
repo::Repo open_writable_repo(const Globals& globals);

/// Adds a subcommand to `app`, with --repo and the other global options accepted behind it too.
/// `arguments` is what its usage line shows behind "[OPTION…]", as in "REMOTE [BRANCH...]"; if
/// empty, it is made of the positional arguments.
CLI::App* add_command(CLI::App& app, Globals& globals, const std::string& name,
                      const std::string& description, const std::string& arguments = "");
/// The same for a command that needs no repository.
CLI::App* add_plain_command(CLI::App& app, const std::string& name, const std::string& description,
                            const std::string& arguments = "");

/// Adds --sysroot=PATH, which means PATH/ostree/repo and overrides --repo.
void add_sysroot_option(CLI::App& command, Globals& globals);

/// Gives each command below `app` the options --verbose and --version, behind its own.
void add_common_options(CLI::App& app, Globals& globals);

}  // namespace xylem::cli
