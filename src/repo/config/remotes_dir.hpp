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

/// All `*.conf` of a directory, sorted by name; none if it is not there. Throws
/// Error(InvalidArgument) for a file that cannot be parsed.
std::vector<RemotesFile> load_remotes_dir(const std::string& path);

/// Replaces or makes the file, durably, and its directory; removes it if no remote is left in it.
void write_remotes_file(const RemotesFile& file);

/// Names of the remotes that a key file defines.
std::vector<std::string> remotes_in(const KeyFile& keys);

}  // namespace xylem::repo
