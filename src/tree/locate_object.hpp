#pragma once

/// \file
/// Where in a commit a bad object is, for messages.

#include <string>
#include <utility>

#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

/// If the error is about an object that `repository` has not, or not as it should be, puts the
/// first path that it has in the commit, and whose it is, before the message. Never throws.
void locate_object(Error& error, const repo::Repo& repository, const Checksum& commit) noexcept;

/// Runs `action`; an Error that comes out of it says where the object is.
template <typename Action>
auto locating_objects(const repo::Repo& repository, const Checksum& commit, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (Error& error) {
    locate_object(error, repository, commit);
    throw;
  }
}

}  // namespace xylem::tree
