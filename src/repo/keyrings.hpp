#pragma once

/// \file
/// Where GPG keys are kept: beside a repository, and for the whole system. Only bytes; what is in
/// them is src/sign's business.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::repo {

class Repo;

/// A file of keys.
struct Keyring {
  std::string path;
  Bytes bytes;
};

/// `<remote>.trustedkeys.gpg` of the repository, else of its remotes.d, else of its parent. Throws
/// Error(Io) for one that cannot be read: that is not the same as having none.
std::optional<Keyring> find_remote_keyring(const Repo& repo, const std::string& remote);
/// Replaces it in the repository, durably, by what `change` makes of the one that
/// find_remote_keyring() finds; nobody else edits it meanwhile. Throws what `change` throws, and
/// nothing is written then.
void edit_remote_keyring(Repo& repo, const std::string& remote,
                         const std::function<Bytes(const std::optional<Keyring>& before)>& change);
/// Removes it from the repository; does nothing if there is none.
void remove_remote_keyring(Repo& repo, const std::string& remote);
/// The file name of a remote's keyring in the repository: "<remote>.trustedkeys.gpg".
std::string remote_keyring_name(const std::string& remote);

/// What a `gpgkeypath` names: a file, or the regular files of a directory, sorted. The directory
/// may be a gpg home: what gpg keeps there beside public keys does not count. Throws Error(Io) if
/// it is not there.
std::vector<Keyring> read_key_path(const std::string& path);
/// The `*.gpg` of a directory, but for those in which gpg keeps other things; none if it is
/// missing.
std::vector<Keyring> read_keyring_dir(const std::string& path);
/// The directory of keys for all remotes that have none of their own: $OSTREE_GPG_HOME, else the
/// system's.
std::string global_keyring_dir();

}  // namespace xylem::repo
