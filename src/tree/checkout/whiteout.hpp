#pragma once

/// \file
/// Files in container layers that mean "this is gone": `.wh.NAME` hides NAME, `.wh..wh..opq` all
/// that the directory held.

#include <optional>
#include <string>
#include <string_view>

#include "object/dirtree.hpp"

namespace xylem::tree {

/// What a file of this name hides, or nullopt if it is no whiteout. Throws Error(InvalidArgument)
/// if that is no name: ".wh." and ".wh...", which would mean the directory above.
std::optional<std::string> hidden_name(std::string_view name);

/// What the overlayfs whiteout that is stored under this name hides, as above: `.ostree-wh.NAME`.
std::optional<std::string> passthrough_name(std::string_view name);

/// Whether what the directory held before is hidden.
bool is_opaque(const object::DirTree& tree);

}  // namespace xylem::tree
