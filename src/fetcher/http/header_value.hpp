#pragma once

/// \file
/// Values of headers, from whoever: none may end its line (RFC 9110, 5.5). Pure.

#include <string_view>

namespace xylem::fetcher {

bool is_header_value(std::string_view value) noexcept;

/// Throws Error(InvalidArgument) that names the header, and does not show the value.
void check_header_value(std::string_view name, std::string_view value);

}  // namespace xylem::fetcher
