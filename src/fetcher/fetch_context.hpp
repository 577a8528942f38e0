#pragma once

#include <memory>
#include <random>

#include "fetcher/curl/curl_loop.hpp"
#include "fetcher/download/partial_file.hpp"
#include "fetcher/easy_pool.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/file_transfer.hpp"
#include "fetcher/http/authorization.hpp"
#include "fetcher/http/redirect_table.hpp"
#include "fetcher/http/target_cache.hpp"
#include "fetcher/policy/mirror_health.hpp"
#include "fetcher/policy/retry_policy.hpp"
#include "fetcher/policy/width.hpp"
#include "fetcher/request_queue.hpp"
#include "fetcher/transfer.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

/// What the fetches of one fetcher share. One thread.
struct FetchContext {
  FetchContext(boost::asio::any_io_executor executor, FetcherOptions options, FileDescriptor dir);

  TransferContext transfers();
  /// A server has answered.
  void saw_protocol(bool http2);
  /// A request that brought so many bytes has ended.
  void adapt_width(std::uint64_t bytes);
  /// A try has failed, and not because the server lacks the file.
  void server_failed(const std::string& origin, const Failure& failure);
  void server_succeeded(const std::string& origin, std::uint64_t bytes,
                        std::chrono::steady_clock::duration time);
  /// Takes a retry from the budgets of the server and of all servers; false if there is none left.
  bool spend_retry(const std::string& origin);

  FetcherOptions options;
  Waits waits;
  DownloadDirectory directory;
  std::shared_ptr<Throttle> throttle;
  std::shared_ptr<CurlLoop> loop;
  EasyPool pool;
  FileReader files;
  RequestQueue queue;
  WidthControl width;
  TargetCache targets;
  MirrorTable mirrors;
  RetryBudget retries;
  RedirectTable redirects;
  Authorization authorization;
  std::minstd_rand dice;
  FetcherStats stats;

 private:
  void apply_width();
  bool http2_ = false;  ///< Some server speaks it.
  bool http1_ = false;  ///< Some server speaks nothing better.
};

}  // namespace xylem::fetcher
