#include "cli/frame/command.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct InitOptions {
  std::string mode = "bare";
  std::optional<std::string> collection_id;
};

repo::Mode mode_option(const std::string& text) {
  const auto mode = repo::parse_mode(text);
  if (!mode)
    throw Error(ErrorKind::InvalidArgument,
                "Invalid mode '" + text + "' in repository configuration")
        .hint("Valid modes are bare, bare-user, bare-user-only and archive.");
  return *mode;
}

}  // namespace

void add_init(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = add_command(app, globals, "init", "Initialize a new empty repository");
  add_value(*command, "--mode", options->mode,
            "Initialize repository in given mode (bare, bare-user, bare-user-only, archive)",
            "MODE");
  add_value(*command, "--collection-id", options->collection_id,
            "Globally unique ID for this repository as an collection of refs for "
            "redistribution to other repositories",
            "COLLECTION-ID");
  on_run(*command, [options, &globals] {
    repo::Repo::create(repo_path(globals), mode_option(options->mode), options->collection_id);
  });
}

}  // namespace xylem::cli
