#pragma once

/// \file
/// Room `tree/checkout`: a commit to a directory. Knows nothing of how commits are made.
///
/// From a commit to a directory, as libostree lays it out.

#include <span>
#include <string>

#include "repo/repo.hpp"
#include "tree/checkout/checkout_options.hpp"

namespace xylem::tree {

/// Writes the tree of `commit` to `destination`, hard-linking where mode and file system allow.
/// A subpath that is a file goes into the directory `destination` under its own name.
///
/// Nothing that the commit names can reach outside of `destination`: no symlink is followed below
/// it, neither one of this commit nor one that was there before. If `destination` did not exist it
/// appears as a whole, or not at all.
///
/// Throws Error(NotFound), with nothing written, if the commit is partial and what is wanted of it
/// is not here, unless options.allow_partial is set. The caller holds a repo::ReadLock.
void checkout(const repo::Repo& repo, const Checksum& commit, const std::string& destination,
              const CheckoutOptions& options);

/// One of several trees that go into the same destination, in their order.
struct CheckoutPart {
  Checksum commit;
  std::string subpath;
};
/// As above; options.subpath is not used. An error names the commit that it is about.
void checkout(const repo::Repo& repo, std::span<const CheckoutPart> parts,
              const std::string& destination, const CheckoutOptions& options);

}  // namespace xylem::tree
