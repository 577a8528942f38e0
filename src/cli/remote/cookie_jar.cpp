#include "cli/remote/cookie_jar.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/bytes.hpp"
#include "cli/frame/values.hpp"
#include "repo/cookies.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

CookieLines lines_of(const std::optional<Bytes>& jar) {
  if (!jar) return {};
  return split(std::string(jar->begin(), jar->end()), '\n');
}

}  // namespace

std::optional<Cookie> parse_cookie(const std::string& line) {
  const std::vector<std::string> fields = split(line, '\t');
  if (fields.size() != 7) return std::nullopt;
  Cookie cookie{fields[0], fields[2], fields[3], 0, fields[5], fields[6]};
  const std::string& expires = fields[4];
  const auto [end, error] =
      std::from_chars(expires.data(), expires.data() + expires.size(), cookie.expires);
  if (error != std::errc() || end != expires.data() + expires.size()) return std::nullopt;
  return cookie;
}

std::string format_cookie(const Cookie& cookie) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}", cookie.domain,
                     cookie.domain.starts_with('.') ? "TRUE" : "FALSE", cookie.path, cookie.secure,
                     cookie.expires, cookie.name, cookie.value);
}

void validate_cookie(const Cookie& cookie) {
  for (const std::string* field : {&cookie.domain, &cookie.path, &cookie.name, &cookie.value})
    if (field->empty() || field->find_first_of("\t\r\n") != std::string::npos)
      throw Error(ErrorKind::InvalidArgument,
                  "A cookie's domain, path, name and value must not be empty or contain a tab or a "
                  "line break");
}

CookieLines load_cookie_lines(const repo::Repo& repo, const std::string& remote) {
  return lines_of(repo::read_remote_cookies(repo, remote));
}

void edit_cookie_lines(const repo::Repo& repo, const std::string& remote,
                       const std::function<void(CookieLines&)>& change) {
  repo::edit_remote_cookies(repo, remote, [&](const std::optional<Bytes>& before) {
    CookieLines lines = lines_of(before);
    change(lines);
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return Bytes(text.begin(), text.end());
  });
}

}  // namespace xylem::cli
