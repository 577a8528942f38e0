#pragma once

#include "tree/checkout/checkout_file.hpp"
#include "tree/walk.hpp"

namespace xylem::tree {

/// Makes the directory `destination` what `root` says, or lays it over what is there. Returns how
/// many files and directories are missing, which can be some only with options.allow_partial.
std::uint64_t checkout_tree(const repo::Repo& repo, const DirNode& root, const PathAt& destination,
                            const CheckoutOptions& options, UncompressedCache* cache);

}  // namespace xylem::tree
