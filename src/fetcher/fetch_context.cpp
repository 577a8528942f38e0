#include "fetcher/fetch_context.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "fetcher/policy/retry_policy.hpp"
#include "fetcher/policy/width.hpp"

namespace xylem::fetcher {

namespace {

std::uint64_t most_descriptors() {
  rlimit limit{};
  constexpr std::uint64_t usual = 1024;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usual;
}

ConnectionLimits limits_of(const FetcherOptions& options) {
  ConnectionLimits limits = connection_limits(options.max_requests, most_descriptors());
  limits.patience = std::chrono::seconds(
      options.low_speed_time_seconds == 0
          ? 0
          : std::max(options.low_speed_time_seconds, options.connect_timeout_seconds));
  return limits;
}

}  // namespace

FetchContext::FetchContext(boost::asio::any_io_executor executor, FetcherOptions given,
                           FileDescriptor dir)
    : options(std::move(given)),
      directory(dir),
      throttle(std::make_shared<Throttle>(executor, options.rate)),
      loop(std::make_shared<CurlLoop>(executor, limits_of(options))),
      pool(options),
      queue(executor, waits, options.memory_budget, request_width(options.max_requests, false),
            [this] { loop->rest(); }),
      width(request_width(options.max_requests, false), width_range(options.max_requests, false)),
      authorization(options.authorization),
      dice(std::random_device{}()) {}

TransferContext FetchContext::transfers() {
  return {.loop = *loop,
          .throttle = *throttle,
          .bytes_received = stats.bytes_received,
          .max_bytes = options.max_bytes};
}

void FetchContext::apply_width() {
  queue.set_width(width.width());
}

void FetchContext::saw_protocol(bool http2) {
  if (std::exchange(http2 ? http2_ : http1_, true)) return;
  loop->expect_http2(!http1_);
  if (!http2) return;
  width.raise(request_width(options.max_requests, true), width_range(options.max_requests, true));
  apply_width();
}

void FetchContext::adapt_width(std::uint64_t bytes) {
  if (width.finished(bytes, queue.has_waiting(), std::chrono::steady_clock::now())) apply_width();
}

void FetchContext::server_failed(const std::string& origin, const Failure& failure) {
  const SteadyTime now = std::chrono::steady_clock::now();
  MirrorHealth& server = mirrors[origin];
  server.failed(now);
  if (failure.retry_after)
    server.quiet_until =
        now + std::min(std::chrono::seconds(*failure.retry_after), longest_retry_after);
  if (is_pushback(failure)) width.pushed_back();
}

void FetchContext::server_succeeded(const std::string& origin, std::uint64_t bytes,
                                    std::chrono::steady_clock::duration time) {
  MirrorHealth& server = mirrors[origin];
  server.succeeded(bytes, time);
  server.retries.earn();
  retries.earn();
}

bool FetchContext::spend_retry(const std::string& origin) {
  return mirrors[origin].retries.spend(host_retry_limit(options.retries)) &&
         retries.spend(total_retry_limit(options.retries));
}

}  // namespace xylem::fetcher
