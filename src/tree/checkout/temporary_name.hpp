#pragma once

#include <string>

#include "base/os/fd.hpp"

namespace xylem::tree {

/// A name that no other thread or process of this machine uses now.
std::string temporary_name();

/// Removes a file if it is there and can be removed; for destructors.
void remove_quietly(const PathAt& path) noexcept;

}  // namespace xylem::tree
