#pragma once

#include "tree/commit/import_context.hpp"
#include "tree/mutable_tree.hpp"

namespace xylem::tree {

/// Lays a directory of a commit over `tree`, with the changes that the filter makes. Without any,
/// nothing is read but the directories that both trees have.
void import_commit(ImportContext& context, const DirNode& node, MutableTree& tree);

}  // namespace xylem::tree
