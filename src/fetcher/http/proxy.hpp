#pragma once

/// \file
/// What has to be known of the proxy that curl will use: that of the options, or of the
/// environment.

#include <string>
#include <string_view>

#include "fetcher/request/options.hpp"

namespace xylem::fetcher {

/// Throws Error(InvalidArgument) that names the proxy, without its password, unless its scheme is
/// one that curl speaks.
void check_proxy(std::string_view url);

/// A name for the login at the proxy, which all servers behind it share; empty if no proxy is given
/// with a user name.
std::string proxy_login_of(const FetcherOptions& options);

}  // namespace xylem::fetcher
