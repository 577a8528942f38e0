#pragma once

/// \file
/// URLs as text: joining, checking, and hiding what is secret in them.

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

}  // namespace xylem::fetcher
