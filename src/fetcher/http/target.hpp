#pragma once

/// \file
/// Room `fetcher/http`: URLs, headers, dates, redirects and authorization. Knows nothing of curl,
/// files.
///
/// Where one HTTP request goes, and which secrets may go with it.

#include <optional>
#include <string>
#include <string_view>

namespace xylem::fetcher {

/// A URL taken apart as far as requests need it.
struct Target {
  std::string url;     ///< Without user name and password.
  std::string shown;   ///< As redact_url() has it, for messages and records.
  std::string origin;  ///< Scheme, host and port: what credentials belong to.
  std::string user;    ///< Decoded; empty if the URL has none.
  std::string password;
  bool trusted = true;  ///< The user named this origin: his headers and credentials may go there.
};

/// Throws Error(InvalidArgument) that names the URL unless it is http, https or file with a host
/// (or path).
Target parse_target(std::string_view url);

/// The path that the URL of a file names, decoded. Throws Error(InvalidArgument).
std::string path_of_file_url(std::string_view url);

/// Where a redirect from `first`, the target that the user named, leads; nullopt unless that is
/// http or https. Credentials and trust stay behind when the origin changes.
std::optional<Target> redirect_target(const Target& first, std::string_view location);

}  // namespace xylem::fetcher
