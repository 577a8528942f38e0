#include "cli/shared/pull_job.hpp"

#include <cstdlib>

#include "cli/frame/interrupt.hpp"
#include "cli/frame/values.hpp"
#include "cli/progress/progress.hpp"
#include "pull/session.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

/// A live line should move; everybody else wants few lines.
constexpr int line_interval_ms = 200;
constexpr int plain_interval_ms = 1000;

/// The option, else $XYLEM_PROGRESS, else what fits standard output.
DisplayStyle display_style(const PullJob& job) {
  const char* preferred = std::getenv("XYLEM_PROGRESS");
  const bool prefers = preferred != nullptr && *preferred != '\0';
  const DisplayStyle style =
      parse_display_style(job.progress.value_or(prefers ? preferred : "auto"));
  return job.quiet ? DisplayStyle::None : style;
}

std::chrono::milliseconds update_interval(const PullJob& job, DisplayStyle style) {
  if (job.update_frequency > 0) return std::chrono::milliseconds(job.update_frequency);
  return std::chrono::milliseconds(style == DisplayStyle::Line ? line_interval_ms
                                                               : plain_interval_ms);
}

/// libostree makes no objects of an archive from deltas. Its scripts count on being told.
void require_deltas_of_ostree(const Globals& globals, const repo::Repo& repo,
                              const PullOptions& options) {
  const bool refused = globals.program == "ostree" && repo.mode() == repo::Mode::Archive;
  if (refused && options.require_static_deltas)
    throw Error(ErrorKind::Unsupported, "Can't use static deltas in an archive repo")
        .hint("`xylem pull` can");
}

}  // namespace

namespace {

void add_object_options(CLI::App& command, PullOptions& options) {
  begin_group(command, "What to Pull");
  add_flag(command, "--commit-metadata-only", options.commit_metadata_only,
           "Fetch only the commit metadata");
  add_integer(command, "--depth", options.depth, {.least = -1},
              "Traverse DEPTH parents (-1=infinite) (default: 0)", "DEPTH");
}

void add_check_options(CLI::App& command, PullJob& job) {
  PullOptions& options = job.options;
  begin_group(command, "Checks");
  add_flag(command, "--untrusted", job.untrusted,
           "Verify checksums of local sources (the default without --trusted)");
  add_flag(command, "--trusted", options.trusted, "Do not verify checksums of local sources");
  add_flag(command, "--bareuseronly-files", options.bareuseronly_files,
           "Reject regular files with mode outside of 0775 (world writable, suid, etc.)");
  add_flag(command, "--disable-verify-bindings", options.disable_verify_bindings,
           "Do not verify commit bindings");
  add_flag(command, "--sandbox", options.sandbox,
           "Restrict the pull to writing to the repository (Landlock, seccomp)");
}

void add_writing_options(CLI::App& command, PullOptions& options) {
  begin_group(command, "Static Deltas");
  add_flag(command, "--disable-static-deltas", options.disable_static_deltas,
           "Do not use static deltas");
  add_flag(command, "--require-static-deltas", options.require_static_deltas,
           "Require static deltas");
  begin_group(command, "Durability");
  add_flag(command, "--disable-fsync", options.disable_fsync, "Do not invoke fsync()");
  add_flag(command, "--per-object-fsync", options.per_object_fsync,
           "Perform writes in such a way that avoids stalling concurrent processes");
}

void add_progress_options(CLI::App& command, PullJob& job) {
  begin_group(command, "Progress");
  add_value(command, "--progress", job.progress,
            "How to show progress: auto, line, plain, json, none (default: auto)", "STYLE");
  add_integer(
      command, "--update-frequency", job.update_frequency, {},
      "Update progress every FREQUENCY milliseconds (default: 200 on a terminal, else 1000)",
      "FREQUENCY");
  add_flag(command, "-q,--quiet", job.quiet, "Show no progress");
}

}  // namespace

void add_common_pull_options(CLI::App& command, PullJob& job) {
  add_object_options(command, job.options);
  add_check_options(command, job);
  add_writing_options(command, job.options);
  add_progress_options(command, job);
}

void run_pull(const Globals& globals, PullJob job) {
  const DisplayStyle style = display_style(job);
  job.options.update_frequency = update_interval(job, style);
  if (job.untrusted) job.options.trusted = job.options.http_trusted = false;
  repo::Repo repo = open_writable_repo(globals);
  require_deltas_of_ostree(globals, repo, job.options);
  const auto display = make_display(style, job.options.dry_run);
  const InterruptWatcher interrupt;
  try {
    display->finish(pull::run(repo, job.options, display.get(), interrupt.token()));
  } catch (Error& error) {
    if (error.kind() == ErrorKind::Cancelled)
      error.hint("What came is kept: pull again to continue from there");
    display->fail(error);
    throw;
  } catch (const std::exception& error) {
    display->fail(error);
    throw;
  }
}

}  // namespace xylem::cli
