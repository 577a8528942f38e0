#pragma once

/// \file
/// Every file name of a download directory is made and recognised here.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace xylem::fetcher {

std::string part_name(std::string_view name);
std::string record_name(std::string_view name);
/// All files that a download of this name may have, in the order in which they can be moved one by
/// one: bytes without their record would be fetched again.
std::array<std::string, 3> download_files(std::string_view name);
/// The name of the download that a file belongs to.
std::string download_of(std::string_view file_name);
std::string anonymous_name(std::uint64_t number);
/// Whether the name was made by anonymous_name(), with or without a suffix.
bool is_anonymous_name(std::string_view name);

/// Throws Error(InvalidArgument) unless `name` may name a download: one path component that leaves
/// room for the suffixes and is no name of the kinds above.
void check_download_name(std::string_view name);

}  // namespace xylem::fetcher
