#pragma once

/// \file
/// The keys that somebody reads: misspelt ones are not read, and nobody would notice.

#include <string>
#include <vector>

namespace xylem::repo {

/// Of the group [core].
const std::vector<std::string>& known_core_keys();

/// The key that `key` of this group is most likely meant to be; empty if it is known itself, or
/// like none: libostree and others may have keys of their own. Pure.
std::string meant_key(const std::string& group, const std::string& key);

/// "Nothing reads core.mod; did you mean core.mode?"; empty if meant_key() is.
std::string misspelt_key_warning(const std::string& group, const std::string& key);

}  // namespace xylem::repo
