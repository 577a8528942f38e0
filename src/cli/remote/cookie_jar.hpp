#pragma once

/// \file
/// `<remote>.cookies.txt` in the repository: Netscape cookie lines, as libcurl reads them. Tab
/// between domain, whether subdomains too, path, whether only over TLS, expiry in seconds since the
/// epoch, name and value.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "repo/repo.hpp"

namespace xylem::cli {

struct Cookie {
  std::string domain;
  std::string path;
  std::string secure = "FALSE";
  std::uint64_t expires = 0;
  std::string name;
  std::string value;
};

/// nullopt for a line that is no cookie.
std::optional<Cookie> parse_cookie(const std::string& line);
/// Without a newline. A domain with a dot before it counts for its subdomains.
std::string format_cookie(const Cookie& cookie);
/// Throws Error(InvalidArgument) for a text that would break the line it is written to.
void validate_cookie(const Cookie& cookie);

using CookieLines = std::vector<std::string>;

/// The jar's lines; none if there is no jar.
CookieLines load_cookie_lines(const repo::Repo& repo, const std::string& remote);
/// Replaces the jar by what `change` makes of it; only the owner may read it: cookies are secrets.
void edit_cookie_lines(const repo::Repo& repo, const std::string& remote,
                       const std::function<void(CookieLines&)>& change);

}  // namespace xylem::cli
