#pragma once

#include "tree/checkout/checkout_file.hpp"
#include "tree/walk.hpp"

namespace xylem::tree {

/// Makes the directory `destination` what `root` says, or lays it over what is there.
void checkout_tree(const repo::Repo& repo, const DirNode& root, const PathAt& destination,
                   const CheckoutOptions& options, UncompressedCache* cache);

}  // namespace xylem::tree
