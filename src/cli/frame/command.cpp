#include "cli/frame/command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>

#include "cli/frame/help_formatter.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/frame/version_text.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

constexpr char system_repo[] = "/sysroot/ostree/repo";
constexpr char system_repo_outside[] = "/ostree/repo";

bool is_kind(const char* path, mode_t kind) {
  struct stat status {};
  return ::stat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

std::string default_repo_path() {
  if (is_kind("objects", S_IFDIR) && is_kind("config", S_IFREG)) return ".";
  const char* named = std::getenv("OSTREE_REPO");
  if (named != nullptr && *named != '\0') return named;
  return is_kind(system_repo, S_IFDIR) ? system_repo : system_repo_outside;
}

bool has_short_name(const CLI::App& command, const std::string& name) {
  return command.get_option_no_throw(name) != nullptr;
}

}  // namespace

std::string repo_path(const Globals& globals) {
  if (!globals.sysroot.empty()) return globals.sysroot + "/ostree/repo";
  return globals.repo.empty() ? default_repo_path() : globals.repo;
}

std::string existing_repo_path(const Globals& globals) {
  const std::string path = repo_path(globals);
  const bool named = !globals.repo.empty() || !globals.sysroot.empty();
  if (!named && !is_kind(path.c_str(), S_IFDIR))
    throw Error(ErrorKind::NotFound, "Command requires a --repo argument")
        .hint(
            "Name a repository with --repo=PATH or $OSTREE_REPO, or create one with `xylem init`.");
  return path;
}

repo::Repo open_repo(const Globals& globals) {
  return repo::Repo::open(existing_repo_path(globals));
}

repo::Repo open_writable_repo(const Globals& globals) {
  repo::Repo repo = open_repo(globals);
  repo.require_writable();
  return repo;
}

CLI::App* add_plain_command(CLI::App& app, const std::string& name, const std::string& description,
                            const std::string& arguments) {
  CLI::App* command = app.add_subcommand(name, description);
  command->formatter(std::make_shared<HelpFormatter>(arguments));
  command->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  return command;
}

CLI::App* add_command(CLI::App& app, Globals& globals, const std::string& name,
                      const std::string& description, const std::string& arguments) {
  CLI::App* command = add_plain_command(app, name, description, arguments);
  add_value(*command, "--repo", globals.repo,
            globals.program == "ostree"
                ? "Path to OSTree repository (defaults to current directory or "
                  "/sysroot/ostree/repo)"
                : "The repository (default: the current directory if it is one, $OSTREE_REPO, "
                  "/sysroot/ostree/repo)",
            "PATH");
  return command;
}

void add_sysroot_option(CLI::App& command, Globals& globals) {
  add_value(command, "--sysroot", globals.sysroot, "Use sysroot at PATH (overrides --repo)",
            "PATH");
}

void add_common_options(CLI::App& app, Globals& globals) {
  begin_group(app, "Options");
  app.add_flag(has_short_name(app, "-v") ? "--verbose" : "-v,--verbose", globals.verbose,
               "Print debug information during command processing");
  app.set_version_flag(
      globals.program == "ostree" ? "--version" : "-V,--version",
      [&globals] { return version_text(globals.program); }, "Print version information and exit");
  for (CLI::App* command : app.get_subcommands({})) add_common_options(*command, globals);
}

}  // namespace xylem::cli
