#include "pull/remote/remote_setup.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <memory>

#include "base/libostree.hpp"
#include "base/log.hpp"
#include "base/os/os.hpp"
#include "fetcher/http/url.hpp"
#include "pull/remote/client_key.hpp"
#include "pull/remote/mirror_list.hpp"
#include "pull/report/journal.hpp"
#include "pull/report/trace_file.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

[[noreturn]] void refuse(std::string message, std::string_view hint) {
  throw Error(ErrorKind::Unsupported, std::move(message)).hint(hint);
}

/// A URL, or `mirrorlist=` with one.
std::string checked(const std::string& url) {
  fetcher::validate_url(is_mirror_list(url) ? mirror_list_url(url) : url);
  return url;
}

}  // namespace

void require_usable(const repo::Remote& remote) {
  if (remote.unconfigured_state)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("remote unconfigured-state: {}", *remote.unconfigured_state))
        .hint("do what the message asks for, then remove unconfigured-state from the remote");
  if (remote.custom_backend)
    refuse(fmt::format("remote '{}' uses custom backend '{}', through which xylem cannot fetch",
                       remote.name, *remote.custom_backend),
           "the program that set this backend up must be used to pull from it");
}

RemoteLocation remote_location(const repo::Remote& remote, const PullOptions& options) {
  RemoteLocation location;
  if (options.url) {
    location.url = checked(*options.url);
    return location;
  }
  if (remote.metalink)
    location.metalink = checked(*remote.metalink);
  else if (!remote.url.empty())
    location.url = checked(remote.url);
  else
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("No \"url\" option in remote \"{}\"", remote.name))
        .hint("set its `url`, or use --url");
  if (remote.contenturl) location.contenturl = checked(*remote.contenturl);
  return location;
}

void require_location(const repo::Remote& remote, const PullOptions& options) {
  static_cast<void>(remote_location(remote, options));
}

namespace {

/// If it is set, the repository's own cache is not used; one that --cache-dir names is.
constexpr char skip_cache_variable[] = "OSTREE_SKIP_CACHE";

UniqueFd open_cache_dir(const repo::Repo& repo, const PullOptions& options) {
  if (options.url) return {};
  if (options.cache_dir) return os::open_dir({FileDescriptor::cwd(), *options.cache_dir});
  if (std::getenv(skip_cache_variable) != nullptr) return {};
  try {
    os::make_dirs({repo.dir(), repo::layout::tmp_cache}, 0755);
    return os::open_dir({repo.dir(), repo::layout::tmp_cache});
  } catch (const Error& error) {
    log_info("Summaries are not cached: {}", error.what());
    return {};
  }
}

}  // namespace

SummaryCache open_summary_cache(const repo::Repo& repo, const repo::Remote& remote,
                                const PullOptions& options) {
  const bool fsync = repo.config().fsync && !options.disable_fsync;
  return SummaryCache(open_cache_dir(repo, options), remote.name,
                      remote_location(remote, options).where(), fsync);
}

std::optional<repo::SummaryFiles> given_summary(const PullOptions& options) {
  if (!options.given_summary) return std::nullopt;
  const auto bytes = [](const std::string& text) { return Bytes(text.begin(), text.end()); };
  repo::SummaryFiles files{bytes(options.given_summary->summary), std::nullopt};
  if (options.given_summary->signature) files.signature = bytes(*options.given_summary->signature);
  return files;
}

namespace {

/// Each request that failed is told to the journal, and each one at all to the trace file.
std::function<void(const fetcher::ExchangeReport&)> observer_of(const std::string& remote,
                                                                const PullOptions& options) {
  std::shared_ptr<TraceFile> trace;
  if (options.trace_file) trace = std::make_shared<TraceFile>(*options.trace_file);
  return [remote, trace](const fetcher::ExchangeReport& report) {
    if (trace) trace->write(report);
    if (is_worth_telling(report)) send_to_journal(failure_fields(remote, report));
  };
}

}  // namespace

PullMessage message_of(const fetcher::FetchEvent& event) {
  using Code = PullMessage::Code;
  PullMessage message{.code = Code::Retry,
                      .text = {},
                      .source = event.url,
                      .reason = event.reason,
                      .attempt = event.attempt};
  if (event.next.empty()) {
    message.text = fmt::format("{}: {}; asking again (attempt {} failed)", event.url, event.reason,
                               event.attempt);
  } else {
    message.code = Code::MirrorSwitched;
    message.text = fmt::format("{}: {}; asking {}", event.url, event.reason, event.next);
  }
  return message;
}

fetcher::FetcherOptions fetcher_options(const repo::Repo& repo, const repo::Remote& remote,
                                        const PullOptions& options) {
  fetcher::FetcherOptions result;
  result.user_agent = options.user_agent.empty() ? fmt::format("libostree/{}", followed_libostree)
                                                 : options.user_agent;
  if (!options.append_user_agent.empty()) result.user_agent += " " + options.append_user_agent;
  result.headers = options.http_headers;
  result.proxy = remote.proxy;
  const PathAt cookies{repo.dir(), repo::layout::remote_cookies(remote.name)};
  if (os::exists(cookies)) result.cookie_file = os::path_of(cookies);
  result.tls = {remote.tls_permissive, remote.tls_ca_path, remote.tls_client_cert_path,
                remote.tls_client_key_path, remote.proxy_tls_ca_path};
  check_client_key(result.tls);
  result.http2 = remote.http2;
  result.retries = options.network_retries;
  result.retry_all_errors = options.retry_all_network_errors;
  result.low_speed_limit_bytes = options.low_speed_limit_bytes;
  result.low_speed_time_seconds = options.low_speed_time_seconds;
  result.max_requests = options.max_outstanding_fetcher_requests != 0
                            ? options.max_outstanding_fetcher_requests
                            : remote.max_requests.value_or(0);
  result.rate = options.limit_rate;
  result.max_bytes = options.max_bytes;
  result.wait_online = options.wait_online;
  result.authorization = options.authorization;
  result.named_urls = remote_location(remote, options).named_urls();
  result.aws_sigv4 = options.aws_sigv4;
  result.observer = observer_of(remote.name, options);
  return result;
}

}  // namespace xylem::pull
