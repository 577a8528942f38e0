#pragma once

/// \file
/// What every command shares. One command is one file: `cmd_<name>.cpp` with a function
/// `void add_<name>(CLI::App& app, Globals& globals)` that declares its options and sets a
/// callback; commands.hpp lists them all.

#include <CLI/CLI.hpp>
#include <string>

#include "repo/repo.hpp"

namespace xylem::cli {

/// Options that may stand before or behind the command's name.
struct Globals {
  std::string repo;  ///< --repo, else $OSTREE_REPO, else "." if it is one, else /ostree/repo.
  bool verbose = false;
  /// The name that we were called by: "xylem", or "ostree" through a link of that name.
  std::string program = "xylem";
};

/// Opens the repository that the options mean; throws Error(NotFound) with ostree's wording.
repo::Repo open_repo(const Globals& globals);

/// Adds a subcommand to `app`, with --repo and the other global options accepted behind it too.
CLI::App* add_command(CLI::App& app, Globals& globals, const std::string& name,
                      const std::string& description);

}  // namespace xylem::cli
