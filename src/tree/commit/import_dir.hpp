#pragma once

#include <string>

#include "tree/commit/import_context.hpp"
#include "tree/mutable_tree.hpp"

namespace xylem::tree {

/// Lays the directory `path` of this machine over `tree`. The pool hashes and writes the files; on
/// return it has done so.
void import_dir(ImportContext& context, const std::string& path, MutableTree& tree);

}  // namespace xylem::tree
