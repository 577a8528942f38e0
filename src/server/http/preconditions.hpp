#pragma once

/// \file
/// Conditional requests (RFC 9110, 13). Pure.

#include <ctime>
#include <string>
#include <string_view>

namespace xylem::server {

/// The version of a file that is on offer.
struct FileVersion {
  std::string etag;  ///< Strong, with its quotes.
  std::time_t modified = 0;
};

/// Whether If-None-Match, or else If-Modified-Since, says that the client has this version already.
/// Headers that are not there are empty.
bool not_modified(const FileVersion& version, std::string_view if_none_match,
                  std::string_view if_modified_since);

/// Whether If-Range allows to send a range of this version.
bool range_allowed(const FileVersion& version, std::string_view if_range);

}  // namespace xylem::server
