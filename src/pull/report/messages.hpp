#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "xylem/pull.hpp"

namespace xylem::pull {

/// Tells the observer what a pull got over. Any thread may tell; the observer hears it on the
/// pull's executor, in the order in which it was told.
class Messages {
 public:
  /// `observer` is borrowed, and may be null.
  Messages(boost::asio::any_io_executor executor, PullObserver* observer)
      : executor_(std::move(executor)), observer_(observer) {}

  void tell(PullMessage message) const;

 private:
  boost::asio::any_io_executor executor_;
  PullObserver* observer_;
};

}  // namespace xylem::pull
