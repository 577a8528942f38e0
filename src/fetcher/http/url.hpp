#pragma once

/// \file
/// Room `fetcher/http`: URLs, headers, redirects and authorization. Knows nothing of curl's
/// handles, files.
///
/// URLs: as text, with their secrets hidden; and taken apart, as the target of a request.

#include <optional>
#include <string>
#include <string_view>

namespace xylem::fetcher {

/// `base` with `path` behind it and exactly one slash between; a query of `base` stays at the end.
std::string join_url(std::string_view base, std::string_view path);

/// The URL without user name and password, and with "…" for the value of a query, which may be a
/// token: for messages and records. Takes any text.
std::string redact_url(std::string_view url);

/// A text that may hold `pkcs11:` URIs, with "…" for the PINs in them (RFC 7512, `pin-value`).
std::string redact_pins(std::string text);

/// Throws Error(InvalidArgument) that names the URL unless it is http, https or file with a host
/// (or path).
void validate_url(std::string_view url);

/// Whether it is a usable http or https URL: what a list from the network may name, so that it
/// cannot make us read files of this machine.
bool is_web_url(std::string_view url);

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
