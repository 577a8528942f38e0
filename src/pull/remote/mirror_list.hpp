#pragma once

/// \file
/// Lists of mirrors, as `mirrorlist=URL` names them: one URL a line.

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace xylem::pull {

/// The usable http and https URLs of a list, in its order and each once. Empty lines, comments
/// (`#`), white space at the ends of a line, other schemes and broken URLs are passed over. Pure.
std::vector<std::string> parse_mirror_list(ByteView text);

/// Whether a configured URL is `mirrorlist=URL`; then the URL of the list is what is behind it.
bool is_mirror_list(const std::string& url);
std::string mirror_list_url(const std::string& url);

}  // namespace xylem::pull
