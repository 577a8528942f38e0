#pragma once

/// \file
/// Carries exchanges out: over the network with curl, or by reading a file of this machine.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "fetcher/curl/curl_loop.hpp"
#include "fetcher/transfer/easy_pool.hpp"
#include "fetcher/transfer/file_transfer.hpp"
#include "fetcher/transfer/speed_watch.hpp"
#include "fetcher/transfer/throttle.hpp"
#include "fetcher/transfer/traffic.hpp"
#include "fetcher/transfer/transfer.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

/// One thread.
class Transport {
 public:
  /// `options`, `waits` and `traffic` are borrowed.
  Transport(const boost::asio::any_io_executor& executor, const FetcherOptions& options,
            Waits& waits, Traffic& traffic);

  /// One request to a server, as Transfer::run(). What a cut body leaves in memory is kept for the
  /// next attempt.
  boost::asio::awaitable<TransferResult> send(TransferRequest request, BodyReceiver& receiver);
  /// The same for a file: URL, as FileReader::read().
  boost::asio::awaitable<TransferResult> read_file(const std::string& url, BodyReceiver& receiver);

  /// Nothing is under way any more.
  void go_idle() noexcept {
    speeds_.rest();
    loop_->go_idle();
  }
  /// `look` is called about once a second while something is under way. Must not throw.
  void on_look(std::function<void()> look) { look_ = std::move(look); }
  /// As CurlLoop::expect_http2().
  void expect_http2(bool everywhere) { loop_->expect_http2(everywhere); }

 private:
  Waits& waits_;
  Traffic& traffic_;
  std::shared_ptr<Throttle> throttle_;
  std::shared_ptr<CurlLoop> loop_;
  std::function<void()> look_;
  SpeedWatch speeds_;
  EasyPool pool_;
  FileReader files_;
};

}  // namespace xylem::fetcher
