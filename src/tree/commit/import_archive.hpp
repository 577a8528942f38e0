#pragma once

#include <string>

#include "tree/commit/import_context.hpp"
#include "tree/mutable_tree.hpp"

namespace xylem::tree {

/// Lays a tar or cpio archive over `tree` as it is read; "-" is standard input. Throws
/// Error(InvalidArgument) for paths that lead out of the tree, devices, pipes and sockets;
/// Error(NotFound) for a parent directory or a hard link's target that is missing.
void import_archive(ImportContext& context, const std::string& path, MutableTree& tree);

}  // namespace xylem::tree
