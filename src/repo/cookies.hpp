#pragma once

/// \file
/// The cookies of a remote, which requests to its server carry: `<remote>.cookies.txt` in the
/// repository, in Netscape's format. Only bytes.

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace xylem::repo {

class Repo;

/// nullopt if the remote has none. Throws Error(InvalidArgument) for a name that no remote can
/// have.
std::optional<Bytes> read_remote_cookies(const Repo& repo, const std::string& remote);
/// Replaces them, durably. Only the owner may read the file: cookies are secrets.
void write_remote_cookies(const Repo& repo, const std::string& remote, ByteView lines);

}  // namespace xylem::repo
