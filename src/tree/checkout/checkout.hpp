#pragma once

/// \file
/// Room `tree/checkout`: a commit to a directory. Knows nothing of how commits are made.
///
/// From a commit to a directory, as libostree lays it out.

#include <string>

#include "repo/repo.hpp"
#include "tree/checkout/checkout_options.hpp"

namespace xylem::tree {

/// Writes the tree of `commit` to `destination`, hard-linking where mode and file system allow.
/// A subpath that is a file goes into the directory `destination` under its own name.
///
/// Nothing that the commit names can reach outside of `destination`: no symlink is followed below
/// it, neither one of this commit nor one that was there before.
void checkout(const repo::Repo& repo, const Checksum& commit, const std::string& destination,
              const CheckoutOptions& options);

}  // namespace xylem::tree
