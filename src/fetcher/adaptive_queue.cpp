#include "fetcher/adaptive_queue.hpp"

#include <chrono>
#include <utility>

namespace xylem::fetcher {

using Clock = std::chrono::steady_clock;

AdaptiveQueue::AdaptiveQueue(boost::asio::any_io_executor executor, const FetcherOptions& options,
                             Waits& waits, Transport& transport, const Traffic& traffic)
    : max_requests_(options.max_requests),
      transport_(transport),
      traffic_(traffic),
      queue_(std::move(executor), waits, options.memory_budget, first_width(max_requests_),
             [this] { transport_.go_idle(); }),
      control_(first_width(max_requests_), width_range(max_requests_, false)) {
  transport_.on_look([this] { look(); });
}

void AdaptiveQueue::saw_protocol(bool http2) {
  if (std::exchange(http2 ? http2_ : http1_, true)) return;
  transport_.expect_http2(!http1_);
  if (http2) control_.raise(http2_width(max_requests_), width_range(max_requests_, true));
}

/// Servers that close most connections are told from those that close one now and then.
void AdaptiveQueue::saw_connection(const TransferResult& result) {
  if (result.connect_time && connect_times_.note(*result.connect_time))
    control_.pushed_back(Clock::now());
  if (result.protocol.empty()) return;
  ++answers_;
  if (result.head.closes) ++closing_answers_;
  if (2 * closing_answers_ > answers_) control_.slow_down(closing_width(max_requests_));
}

void AdaptiveQueue::finished(const TransferResult& result) {
  if (!result.protocol.empty()) saw_protocol(result.http2());
  saw_connection(result);
  control_.finished(traffic_.stats().bytes_received, queue_.has_waiting(), Clock::now());
  adapt();
}

void AdaptiveQueue::pushed_back() {
  control_.pushed_back(Clock::now());
  adapt();
}

void AdaptiveQueue::look() {
  control_.passed(traffic_.stats().bytes_received, queue_.has_waiting(), Clock::now());
  adapt();
}

}  // namespace xylem::fetcher
