#pragma once

#include <memory>
#include <random>

#include "fetcher/curl_loop.hpp"
#include "fetcher/easy_pool.hpp"
#include "fetcher/event.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/mirror_health.hpp"
#include "fetcher/partial_file.hpp"
#include "fetcher/request_queue.hpp"
#include "fetcher/transfer.hpp"
#include "fetcher/width_control.hpp"

namespace xylem::fetcher {

/// What the fetches of one fetcher share. One thread.
struct FetchContext {
  FetchContext(boost::asio::any_io_executor executor, FetcherOptions options, FileDescriptor dir);

  TransferContext transfers();
  /// A server was seen to speak HTTP/2.
  void use_streams();
  /// A request that brought so many bytes has ended.
  void adapt_width(std::uint64_t bytes);
  /// A try has failed, and not because the server lacks the file.
  void server_failed(const std::string& origin, const Failure& failure);

  FetcherOptions options;
  Waits waits;
  DownloadDirectory directory;
  std::shared_ptr<Throttle> throttle;
  std::shared_ptr<CurlLoop> loop;
  EasyPool pool;
  RequestQueue queue;
  WidthControl width;
  MirrorTable mirrors;
  Authorization authorization;
  std::minstd_rand dice;
  FetcherStats stats;

 private:
  void apply_width();
  bool streams_ = false;
};

}  // namespace xylem::fetcher
