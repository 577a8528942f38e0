#include <memory>

#include "cli/frame/usage_error.hpp"
#include "cli/shared/pull_job.hpp"

namespace xylem::cli {

namespace {

struct PullLocalCommand {
  PullJob job;
  std::vector<std::string> arguments;  ///< Source and refs.
  bool gpg_verify = false;
  bool gpg_verify_summary = false;
};

void run(const CLI::App& command, const Globals& globals, PullLocalCommand pull) {
  if (pull.arguments.empty()) usage_error(command, "DESTINATION must be specified");
  PullOptions& options = pull.job.options;
  options.local_repository = pull.arguments.front();
  options.refs.assign(pull.arguments.begin() + 1, pull.arguments.end());
  options.gpg_verify = pull.gpg_verify;
  options.gpg_verify_summary = pull.gpg_verify_summary;
  // Called as `ostree`, local sources are trusted unless told otherwise.
  if (globals.program == "ostree" && !pull.job.untrusted) options.trusted = true;
  // As in libostree: whoever wants signatures of a local source adds it as a file:// remote.
  options.disable_sign_verify = options.disable_sign_verify_summary = true;
  run_pull(globals, std::move(pull.job));
}

}  // namespace

void add_pull_local(CLI::App& app, Globals& globals) {
  auto pull = std::make_shared<PullLocalCommand>();
  CLI::App* command =
      add_command(app, globals, "pull-local", "Copy data from SRC_REPO", "SRC_REPO [REFS...]");
  add_common_pull_options(*command, pull->job);
  add_value(*command, "--remote", pull->job.options.remote, "Add REMOTE to refspec", "REMOTE");
  add_flag(*command, "--gpg-verify", pull->gpg_verify,
           "GPG verify commits (must specify --remote)");
  add_flag(*command, "--gpg-verify-summary", pull->gpg_verify_summary,
           "GPG verify summary (must specify --remote)");
  add_arguments(*command, "arguments", pull->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, std::move(*pull)); });
}

}  // namespace xylem::cli
