#include <fmt/format.h>

#include <algorithm>

#include "cli/frame/out.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/remote/cmd_remote.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

/// As configured, not as it is used: "mirrorlist=" stays.
std::string url_of(const repo::Repo& repo, const std::string& name) {
  const auto& [file, group] = std::pair(repo.remote(name), repo::remote_group(name));
  const auto url = repo.remote_key_file(name).find_string(group, "url");
  if (file.metalink) return "metalink=" + *file.metalink;
  if (!url)
    throw Error(ErrorKind::NotFound, fmt::format("No \"url\" option in remote \"{}\"", name));
  return *url;
}

void list(const repo::Repo& repo, bool show_urls) {
  const std::vector<std::string> names = repo.remote_names();
  std::size_t width = 0;
  for (const std::string& name : names) width = std::max(width, name.size());
  for (const std::string& name : names) {
    if (show_urls)
      print_names(fmt::format("{:<{}}  {}", name, width, url_of(repo, name)));
    else
      fmt::print("{}\n", name);
  }
}

}  // namespace

void add_remote_list(CLI::App& remote, Globals& globals) {
  auto show_urls = std::make_shared<bool>(false);
  CLI::App* command = add_command(remote, globals, "list", "List remote repository names");
  add_flag(*command, "-u,--show-urls", *show_urls, "Show remote URLs in list");
  on_run(*command, [=, &globals] { list(open_repo(globals), *show_urls); });
}

void add_remote_show_url(CLI::App& remote, Globals& globals) {
  auto name = std::make_shared<std::optional<std::string>>();
  CLI::App* command =
      add_command(remote, globals, "show-url", "Show remote repository URL", "NAME");
  add_arguments(*command, "name", *name);
  on_run(*command, [=, &globals] {
    if (!*name) usage_error(*command, "NAME must be specified");
    print_names(url_of(open_repo(globals), **name));
  });
}

}  // namespace xylem::cli
