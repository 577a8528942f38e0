#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "cli/frame/usage_error.hpp"
#include "cli/frame/values.hpp"
#include "cli/shared/pull_job.hpp"
#include "object/names/names.hpp"
#include "repo/repo.hpp"

namespace xylem::cli {

namespace {

struct PullCommand {
  PullJob job;
  std::vector<std::string> arguments;  ///< Remote and refs.
  std::vector<std::string> http_headers;
  bool no_network_retry = false;
  std::uint64_t limit_rate = 0;
  std::uint32_t deadline = 0;
};

void add_source_options(CLI::App& command, PullCommand& pull) {
  PullOptions& options = pull.job.options;
  begin_group(command, "What to Pull");
  add_flag(command, "--mirror", options.mirror,
           "Write refs suitable for a mirror and fetches all refs if none provided");
  add_list(command, "--subpath", options.subpaths, "Only pull the provided subpath(s)", "PATH");
  add_flag(command, "--dry-run", options.dry_run,
           "Only print information on what will be downloaded");
  begin_group(command, "Sources");
  add_value(command, "--url", options.url,
            "Pull objects from this URL instead of the one from the remote config", "URL");
  add_list(command, "-L,--localcache-repo", options.localcache_repos,
           "Add REPO as local cache source for objects during this pull", "REPO");
  add_value(command, "--cache-dir", options.cache_dir, "Use custom cache dir", "DIR");
}

void add_check_options(CLI::App& command, PullOptions& options) {
  begin_group(command, "Checks");
  add_flag(command, "--http-trusted", options.http_trusted,
           "Do not verify checksums of HTTP sources (mostly useful when mirroring)");
  add_value(command, "--keys-dir", options.keys_dir,
            "Read trusted and revoked keys from DIR instead of the system directories", "DIR");
  add_flag(command, "-T,--timestamp-check", options.timestamp_check,
           "Require fetched commits to have newer timestamps");
  add_flag(command, "--timestamp-check-strict", options.timestamp_check_strict,
           "Like --timestamp-check, and refuse a different commit with an equal timestamp");
  add_value(command, "--timestamp-check-from-rev", options.timestamp_check_from_rev,
            "Require fetched commits to have newer timestamps than given rev", "REV");
}

void add_network_options(CLI::App& command, PullCommand& pull) {
  PullOptions& options = pull.job.options;
  begin_group(command, "Network");
  add_list(command, "--http-header", pull.http_headers,
           "Add NAME=VALUE as HTTP header to all requests", "NAME=VALUE");
  add_value(command, "--user-agent", options.user_agent,
            "Send TEXT as the User-Agent (default: libostree/VERSION)", "TEXT");
  hide(add_value(command, "--append-user-agent", options.append_user_agent, "", "TEXT"));
  add_flag(command, "--disable-retry-on-network-errors", pull.no_network_retry,
           "Do not retry when network issues happen, instead fail automatically");
  add_integer(command, "--network-retries", options.network_retries, {},
              "Specifies how many times each download should be retried upon error (default: 5)",
              "N");
  add_integer(command, "--low-speed-limit-bytes", options.low_speed_limit_bytes, {},
              "Abort and retry if all transfers from a server together bring less than N bytes per "
              "second for --low-speed-time-seconds (default: 1)",
              "N");
  add_integer(command, "--low-speed-time-seconds", options.low_speed_time_seconds, {},
              "Seconds for which a server may stay below --low-speed-limit-bytes (default: 30)",
              "N");
  add_integer(command, "--max-outstanding-fetcher-requests",
              options.max_outstanding_fetcher_requests, {},
              "Maximum number of concurrent requests (default: adapts to the server)", "N");
}

/// What `ostree` does not have.
void add_limit_options(CLI::App& command, PullCommand& pull) {
  PullOptions& options = pull.job.options;
  begin_group(command, "Limits");
  add_size(command, "--limit-rate", pull.limit_rate,
           "Limit the download rate of all requests together to SIZE per second (500K, 1M)");
  add_size(command, "--max-bytes", options.max_bytes,
           "Stop after downloading SIZE; the next pull resumes from there");
  add_size(command, "--max-metadata-size", options.max_metadata_size,
           "Refuse metadata objects larger than SIZE (default: 128MiB)");
  add_duration(command, "--deadline", pull.deadline,
               "Fail if the pull takes longer than TIME (90, 5m, 1h)");
  begin_group(command, "Network");
  add_flag(command, "--wait-online", options.wait_online,
           "Keep trying while the server cannot be reached");
  add_value(command, "--trace-file", options.trace_file,
            "Append one line of JSON per request to FILE", "FILE");
  add_value(command, "--aws-sigv4", options.aws_sigv4,
            "Sign requests with the user name and password in the URL (AWS SigV4, PROVIDER is "
            "aws:amz:REGION:s3)",
            "PROVIDER");
}

/// A ref in place of the remote is the usual slip.
void require_remote_name(const Globals& globals, const std::string& text) {
  if (text.find('/') == std::string::npos || text.find(':') != std::string::npos) return;
  const std::vector<std::string> remotes = open_repo(globals).remote_names();
  const std::string remote = remotes.size() == 1 ? remotes.front() : "REMOTE";
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("Invalid remote name {}", object::quoted(text)))
      .hint(fmt::format("The remote comes before the ref: `xylem pull {} {}`", remote, text));
}

/// "remote ref…" or "remote:ref".
void set_remote_and_refs(PullOptions& options, const std::vector<std::string>& arguments) {
  options.remote = arguments.front();
  if (arguments.front().find(':') != std::string::npos) {
    const auto spec = object::RefSpec::parse(arguments.front());
    options.remote = spec.remote.value_or("");
    options.refs.push_back(spec.ref);
  }
  options.refs.insert(options.refs.end(), arguments.begin() + 1, arguments.end());
}

/// Called as `ostree`, as much as that takes.
std::uint64_t default_metadata_limit(const Globals& globals) {
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  return globals.program == "ostree" ? 10 * mebibyte : PullOptions{}.max_metadata_size;
}

void run(const CLI::App& command, const Globals& globals, PullCommand pull) {
  if (pull.arguments.empty()) usage_error(command, "REMOTE must be specified");
  PullOptions& options = pull.job.options;
  require_remote_name(globals, pull.arguments.front());
  set_remote_and_refs(options, pull.arguments);
  for (const std::string& header : pull.http_headers)
    options.http_headers.push_back(parse_key_value("--http-header", header));
  options.retry_all_network_errors = !pull.no_network_retry;
  options.limit_rate.set(pull.limit_rate);
  options.deadline = std::chrono::seconds(pull.deadline);
  run_pull(globals, std::move(pull.job));
}

}  // namespace

void add_pull(CLI::App& app, Globals& globals) {
  auto pull = std::make_shared<PullCommand>();
  pull->job.options.max_metadata_size = default_metadata_limit(globals);
  CLI::App* command = add_command(app, globals, "pull", "Download data from remote repository",
                                  "REMOTE [BRANCH[@COMMIT]...]");
  add_common_pull_options(*command, pull->job);
  add_source_options(*command, *pull);
  add_check_options(*command, pull->job.options);
  add_network_options(*command, *pull);
  add_limit_options(*command, *pull);
  add_arguments(*command, "arguments", pull->arguments);
  on_run(*command, [=, &globals] { run(*command, globals, std::move(*pull)); });
}

}  // namespace xylem::cli
