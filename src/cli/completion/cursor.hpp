#pragma once

/// \file
/// Room `cli/completion`: what may follow in a command line that is being typed. Knows nothing of
/// the shells, whose scripts are in completion/, and the network.
///
/// Reads the tree of commands and the names in a repository, and waits for no lock.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace xylem::cli {

/// Where the cursor of an unfinished command line is. Points into the tree of commands.
struct Cursor {
  enum class Place {
    Nowhere,      ///< Behind something that does not exist.
    Command,      ///< In the name of a command.
    OptionName,   ///< In a word that begins with "-".
    OptionValue,  ///< In the value of `option`.
    Argument,     ///< In an argument, behind `arguments`.
  };

  Place place = Place::Nowhere;
  const CLI::App* command = nullptr;  ///< The innermost command that is named so far.
  const CLI::Option* option = nullptr;
  std::vector<std::string> arguments;  ///< Those before the cursor.
  std::string repo;                    ///< The value of a --repo before the cursor.
  std::string prefix;                  ///< "--mode=", where the word at the cursor has both.
  std::string typed;                   ///< The word at the cursor, without `prefix`.
};

/// `words` are those behind the program's name. The last one is the word at the cursor, and may be
/// empty.
Cursor find_cursor(const CLI::App& app, std::vector<std::string> words);

/// The option that `command` has under a name such as "--repo" or "-q", or that one of its
/// subcommands has: options may stand before the command's name. Null if there is none.
const CLI::Option* find_option(const CLI::App& command, const std::string& name);

}  // namespace xylem::cli
