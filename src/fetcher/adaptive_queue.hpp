#pragma once

/// \file
/// A request queue whose width follows what the servers can take.

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "fetcher/policy/width.hpp"
#include "fetcher/request_queue.hpp"
#include "fetcher/transport.hpp"

namespace xylem::fetcher {

/// One thread. Must outlive its admissions.
class AdaptiveQueue {
 public:
  /// `waits` and `transport` are borrowed. `transport` goes idle when nothing is in flight.
  AdaptiveQueue(boost::asio::any_io_executor executor, const FetcherOptions& options, Waits& waits,
                Transport& transport);

  /// As RequestQueue::admit().
  boost::asio::awaitable<Admission> admit(Priority priority) { return queue_.admit(priority); }

  /// A server has answered, with HTTP/2 or with an older version.
  void saw_protocol(bool http2);
  /// A request that brought so many bytes has ended.
  void finished(std::uint64_t bytes);
  /// A server has more requests than it can take, or tears connections.
  void pushed_back() { control_.pushed_back(); }

  unsigned width() const { return queue_.width(); }
  unsigned in_flight() const { return queue_.in_flight(); }

 private:
  std::uint32_t max_requests_;
  Transport& transport_;
  RequestQueue queue_;
  WidthControl control_;
  bool http2_ = false;  ///< Some server speaks it.
  bool http1_ = false;  ///< Some server speaks nothing better.
};

}  // namespace xylem::fetcher
