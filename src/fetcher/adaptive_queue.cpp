#include "fetcher/adaptive_queue.hpp"

#include <chrono>
#include <utility>

namespace xylem::fetcher {

AdaptiveQueue::AdaptiveQueue(boost::asio::any_io_executor executor, const FetcherOptions& options,
                             Waits& waits, Transport& transport)
    : max_requests_(options.max_requests),
      transport_(transport),
      queue_(std::move(executor), waits, options.memory_budget, request_width(max_requests_, false),
             [this] { transport_.go_idle(); }),
      control_(request_width(max_requests_, false), width_range(max_requests_, false)) {}

void AdaptiveQueue::saw_protocol(bool http2) {
  if (std::exchange(http2 ? http2_ : http1_, true)) return;
  transport_.expect_http2(!http1_);
  if (!http2) return;
  control_.raise(request_width(max_requests_, true), width_range(max_requests_, true));
  queue_.set_width(control_.width());
}

void AdaptiveQueue::finished(std::uint64_t bytes) {
  const auto now = std::chrono::steady_clock::now();
  if (control_.finished(bytes, queue_.has_waiting(), now)) queue_.set_width(control_.width());
}

}  // namespace xylem::fetcher
