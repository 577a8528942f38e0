#pragma once

#include "object/variant/variant.hpp"
#include "tree/mutable_tree.hpp"

namespace xylem::tree {

/// Adds `ostree.bootable` and `ostree.linux`, the version of the one kernel
/// (/usr/lib/modules/VERSION/vmlinuz). Throws Error(NotFound) without a kernel and
/// Error(InvalidArgument) with two.
object::Dict add_bootable(const object::Dict& metadata, MutableTree& tree);

}  // namespace xylem::tree
