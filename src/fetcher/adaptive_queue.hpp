#pragma once

/// \file
/// A request queue whose width follows what the servers can take.

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "fetcher/policy/connect_times.hpp"
#include "fetcher/policy/width.hpp"
#include "fetcher/request_queue.hpp"
#include "fetcher/transfer/transport.hpp"

namespace xylem::fetcher {

/// One thread. Must outlive its admissions.
class AdaptiveQueue {
 public:
  /// `waits`, `transport` and `traffic` are borrowed. `transport` goes idle when nothing is in
  /// flight.
  AdaptiveQueue(boost::asio::any_io_executor executor, const FetcherOptions& options, Waits& waits,
                Transport& transport, const Traffic& traffic);

  /// As RequestQueue::admit().
  boost::asio::awaitable<Admission> admit(Priority priority) { return queue_.admit(priority); }

  /// A request has ended, so or so.
  void finished(const TransferResult& result);
  /// A server has more requests than it can take, or tears connections.
  void pushed_back();

  unsigned width() const { return queue_.width(); }
  /// Whether there cannot be fewer requests at once.
  bool narrowest() const { return control_.narrowest(); }
  unsigned in_flight() const { return queue_.in_flight(); }

 private:
  void saw_protocol(bool http2);
  void saw_connection(const TransferResult& result);
  void look();
  void adapt() { queue_.set_width(control_.width()); }

  std::uint32_t max_requests_;
  Transport& transport_;
  const Traffic& traffic_;
  RequestQueue queue_;
  WidthControl control_;
  ConnectTimes connect_times_;
  unsigned answers_ = 0;
  unsigned closing_answers_ = 0;  ///< After which the server closed the connection.
  bool http2_ = false;            ///< Some server speaks it.
  bool http1_ = false;            ///< Some server speaks nothing better.
};

}  // namespace xylem::fetcher
