#pragma once

/// \file
/// What a value on the command line stands for, by the name that help gives to it: REMOTE, FILE, …

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace xylem::cli {

struct ValueType {
  enum class Kind {
    Free,   ///< Anything; nothing can be offered.
    Words,  ///< One of `words`.
    File,
    Directory,
    Remote,  ///< A remote; with a colon, a ref of it ("REMOTE:REF").
    Ref,     ///< Any ref, those of remotes as "REMOTE:REF".
    RefOrDirectory,
    RefOfRemote,  ///< A ref of the remote that the first argument names.
    Transfer,     ///< A pull that is running or unfinished.
    ConfigKey,    ///< "core.mode".
    RefOfSource,  ///< A ref of the repository that the first argument is the path of.
  };

  Kind kind = Kind::Free;
  std::vector<std::string> words = {};
};

/// Long names of the options whose type does not follow from help's word for their value.
std::vector<std::string> options_with_own_type();
/// Of the value of an option.
ValueType value_type(const CLI::Option& option);
/// Of the argument of `command` behind `position` others.
ValueType argument_type(const CLI::App& command, std::size_t position);

}  // namespace xylem::cli
