#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "base/printable.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "cli/remote/cookie_jar.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

using Arguments = std::vector<std::string>;

std::uint64_t in_25_years() {
  using namespace std::chrono;
  const auto today = floor<days>(system_clock::now());
  const auto time_of_day = system_clock::now() - today;
  const auto then = sys_days(year_month_day(today) + years(25)) + time_of_day;
  return static_cast<std::uint64_t>(
      duration_cast<std::chrono::seconds>(then.time_since_epoch()).count());
}

void add_cookie(const repo::Repo& repo, const Arguments& arguments) {
  Cookie cookie;
  cookie.domain = arguments[1];
  cookie.path = arguments[2];
  cookie.name = arguments[3];
  cookie.value = arguments[4];
  cookie.expires = in_25_years();
  validate_cookie(cookie);
  edit_cookie_lines(repo, arguments[0],
                    [&](CookieLines& lines) { lines.push_back(format_cookie(cookie)); });
}

void delete_cookie(const repo::Repo& repo, const Arguments& arguments) {
  edit_cookie_lines(repo, arguments[0], [&](CookieLines& lines) {
    const auto removed = std::erase_if(lines, [&](const std::string& line) {
      const auto cookie = parse_cookie(line);
      return cookie && cookie->domain == arguments[1] && cookie->path == arguments[2] &&
             cookie->name == arguments[3];
    });
    if (removed == 0) throw Error(ErrorKind::NotFound, "Cookie not found in jar");
  });
}

void list_cookies(const repo::Repo& repo, const Arguments& arguments) {
  for (const std::string& line : load_cookie_lines(repo, arguments[0])) {
    const auto cookie = parse_cookie(line);
    if (!cookie) continue;
    const auto expires = static_cast<std::time_t>(cookie->expires);
    fmt::print("--\nDomain: {}\nPath: {}\nName: {}\nSecure: {}\n", printable(cookie->domain),
               printable(cookie->path), printable(cookie->name), cookie->secure);
    fmt::print("Expires: {:%Y-%m-%d %H:%M:%S} +0000\nValue: {}\n", fmt::gmtime(expires),
               printable(cookie->value));
  }
}

/// What differs between the three commands.
struct CookieCommand {
  const char* name;
  const char* description;
  const char* arguments;
  std::size_t argument_count;
  const char* complaint;
  bool writes;
  void (*run)(const repo::Repo&, const Arguments&);
};

void add(CLI::App& remote, Globals& globals, const CookieCommand& spec) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = add_command(remote, globals, spec.name, spec.description, spec.arguments);
  CLI::Option* words = add_arguments(*command, "arguments", *arguments);
  if (spec.writes) may_be_empty(words);  // Parts of a cookie.
  on_run(*command, [=, &globals] {
    if (arguments->size() < spec.argument_count) usage_error(*command, spec.complaint);
    spec.run(spec.writes ? open_writable_repo(globals) : open_repo(globals), *arguments);
  });
}

}  // namespace

void add_remote_cookies(CLI::App& remote, Globals& globals) {
  add(remote, globals,
      {"add-cookie", "Add a cookie to remote", "NAME DOMAIN PATH COOKIE_NAME VALUE", 5,
       "NAME, DOMAIN, PATH, COOKIE_NAME and VALUE must be specified", true, add_cookie});
  add(remote, globals,
      {"delete-cookie", "Remove one cookie from remote", "NAME DOMAIN PATH COOKIE_NAME", 4,
       "NAME, DOMAIN, PATH and COOKIE_NAME must be specified", true, delete_cookie});
  add(remote, globals,
      {"list-cookies", "Show remote repository cookies", "NAME", 1, "NAME must be specified", false,
       list_cookies});
}

}  // namespace xylem::cli
