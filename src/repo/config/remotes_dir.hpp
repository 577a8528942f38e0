#pragma once

/// \file
/// remotes.d: a directory of key files, one remote each as a rule, beside a repository's config.

#include <optional>
#include <string>
#include <vector>

#include "repo/config/key_file.hpp"

namespace xylem::repo {

/// Where remotes of the system's repository are configured.
constexpr char system_remotes_dir[] = "/etc/ostree/remotes.d";

/// One file of such a directory.
struct RemotesFile {
  std::string path;
  KeyFile keys;
};

/// What is in a directory of them.
struct RemotesDir {
  std::vector<RemotesFile> files;     ///< Sorted by name.
  std::vector<std::string> problems;  ///< One for each file that cannot be read, which it names.
};

/// All `*.conf` of a directory; none if it is not there.
RemotesDir load_remotes_dir(const std::string& path);

/// Replaces or makes the file, durably; removes it if no remote is left in it.
/// For Repo::edit_remote(), which holds the lock on the directory.
void write_remotes_file(const RemotesFile& file);

/// Names of the remotes that a key file defines.
std::vector<std::string> remotes_in(const KeyFile& keys);

}  // namespace xylem::repo
