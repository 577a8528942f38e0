#pragma once

/// \file
/// Every file name of a download directory is made and recognised here.

#include <cstdint>
#include <string>
#include <string_view>

namespace xylem::fetcher {

std::string part_name(std::string_view name);
std::string record_name(std::string_view name);
/// The name of the download that a file belongs to.
std::string download_of(std::string_view file_name);
std::string anonymous_name(std::uint64_t number);
/// Whether the name was made by anonymous_name(), with or without a suffix.
bool is_anonymous_name(std::string_view name);

/// Throws Error(InvalidArgument) unless `name` may name a download: one path component that leaves
/// room for the suffixes and is no name of the kinds above.
void check_download_name(std::string_view name);

}  // namespace xylem::fetcher
