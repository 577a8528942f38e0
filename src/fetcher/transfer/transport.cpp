#include "fetcher/transfer/transport.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "fetcher/policy/width.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

namespace {

std::uint64_t descriptor_limit() {
  rlimit limit{};
  constexpr std::uint64_t usual = 1024;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usual;
}

ConnectionLimits limits_of(const FetcherOptions& options) {
  ConnectionLimits limits = connection_limits(options.max_requests, descriptor_limit());
  limits.patience = std::chrono::seconds(
      options.low_speed_time_seconds == 0
          ? 0
          : std::max(options.low_speed_time_seconds, options.connect_timeout_seconds));
  return limits;
}

}  // namespace

Transport::Transport(const asio::any_io_executor& executor, const FetcherOptions& options,
                     Waits& waits, Traffic& traffic)
    : waits_(waits),
      traffic_(traffic),
      throttle_(std::make_shared<Throttle>(executor, options.rate)),
      loop_(std::make_shared<CurlLoop>(executor, limits_of(options))),
      speeds_(executor, std::chrono::seconds(options.low_speed_time_seconds),
              [this] {
                if (look_) look_();
              }),
      pool_(options) {}

asio::awaitable<TransferResult> Transport::send(TransferRequest request, BodyReceiver& receiver) {
  Transfer transfer(
      {.loop = *loop_, .throttle = *throttle_, .traffic = traffic_, .speeds = speeds_},
      pool_.take(), std::move(request), receiver);
  try {
    co_return co_await transfer.run(waits_);
  } catch (...) {
    receiver.save();
    throw;
  }
}

asio::awaitable<TransferResult> Transport::read_file(const std::string& url,
                                                     BodyReceiver& receiver) {
  return files_.read(url, receiver, waits_, traffic_);
}

}  // namespace xylem::fetcher
