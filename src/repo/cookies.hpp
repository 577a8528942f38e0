#pragma once

/// \file
/// The cookies of a remote, which requests to its server carry: `<remote>.cookies.txt` in the
/// repository, in Netscape's format. Only bytes.

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace xylem::repo {

class Repo;

/// nullopt if the remote has none. Throws Error(InvalidArgument) for a name that no remote can
/// have.
std::optional<Bytes> read_remote_cookies(const Repo& repo, const std::string& remote);
/// Replaces them, durably, by what `change` makes of them; nobody else edits them meanwhile. Only
/// the owner may read the file: cookies are secrets. Throws what `change` throws, and nothing is
/// written then.
void edit_remote_cookies(const Repo& repo, const std::string& remote,
                         const std::function<Bytes(const std::optional<Bytes>& before)>& change);

}  // namespace xylem::repo
