#pragma once

/// \file
/// The headers of a request, besides what curl sends on its own. Pure.

#include <string>
#include <utility>
#include <vector>

#include "fetcher/curl/curl_easy.hpp"
#include "fetcher/download/resume.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// Throws Error(InvalidArgument) unless each name is a token and no value could end its line
/// (RFC 9110, 5.1 and 5.5). The message does not show values.
void check_headers(const HeaderList& headers);

/// The user's headers, which may hold secrets, go to a trusted origin only.
CurlList request_headers(const HeaderList& users, bool trusted, const Request& request,
                         const ResumePoint& point);

}  // namespace xylem::fetcher
