#include <memory>

#include "cli/frame/usage_error.hpp"
#include "cli/shared/pull_job.hpp"
#include "repo/loose/loose_store.hpp"
#include "repo/open_source.hpp"
#include "repo/refs/refs.hpp"
#include "tree/locate_object.hpp"

namespace xylem::cli {

namespace {

struct PullLocalCommand {
  PullJob job;
  std::vector<std::string> arguments;  ///< Source and refs.
  bool gpg_verify = false;
  bool gpg_verify_summary = false;
};

bool is_bad(const repo::Repo& source, const std::string& object) {
  if (!object.ends_with(".file")) return false;
  const Checksum checksum = Checksum::parse(object.substr(0, object.find('.')));
  try {
    repo::verify_object(source.store(), {checksum, object::ObjectType::File});
    return false;
  } catch (const Error&) {
    return true;
  }
}

/// Of a file that is bad in the source: its path there.
void locate_in_source(Error& error, const std::string& path, std::vector<std::string> refs) try {
  if (error.details().object.empty()) return;
  const repo::Repo source = repo::open_source(path);
  if (!is_bad(source, error.details().object)) return;
  if (refs.empty())
    for (const auto& [spec, entry] : repo::list_refs(source)) refs.push_back(spec.text());
  const std::string before = error.what();
  for (const std::string& ref : refs) {
    tree::locate_object(error, source, repo::resolve_rev(source, ref));
    if (error.what() != before) return;
  }
} catch (const std::exception&) {  // The message stays as it is.
}

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
  const auto [source, refs] = std::pair(*options.local_repository, options.refs);
  try {
    run_pull(globals, std::move(pull.job));
  } catch (Error& error) {
    locate_in_source(error, source, refs);
    throw;
  }
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
