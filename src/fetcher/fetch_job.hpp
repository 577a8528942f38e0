#pragma once

/// \file
/// One fetch from first try to last: redirects, mirrors, retries, resuming.

#include <boost/asio/awaitable.hpp>
#include <random>
#include <unordered_set>
#include <variant>

#include "fetcher/body_receiver.hpp"
#include "fetcher/curl_loop.hpp"
#include "fetcher/easy_pool.hpp"
#include "fetcher/event.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/mirror_cursor.hpp"
#include "fetcher/mirror_health.hpp"
#include "fetcher/partial_file.hpp"
#include "fetcher/request_queue.hpp"
#include "fetcher/target.hpp"
#include "fetcher/transfer.hpp"

namespace xylem::fetcher {

/// What the fetches of one fetcher share. One thread.
struct FetchContext {
  FetchContext(boost::asio::any_io_executor executor, FetcherOptions options, FileDescriptor dir);

  FetcherOptions options;
  Waits waits;
  DownloadDirectory directory;
  std::shared_ptr<CurlLoop> loop;
  EasyPool pool;
  RequestQueue queue;
  MirrorTable mirrors;
  std::minstd_rand dice;
  FetcherStats stats;
};

/// One thread. The context is borrowed.
class FetchJob {
 public:
  /// Throws Error(InvalidArgument) for a bad URL or name.
  FetchJob(FetchContext& context, Request request);
  FetchJob(const FetchJob&) = delete;
  FetchJob& operator=(const FetchJob&) = delete;
  ~FetchJob();

  /// Once. See Fetcher::fetch.
  boost::asio::awaitable<Response> run();

 private:
  using Outcome = std::variant<Response, Failure>;
  /// One exchange, after which another one may follow at once.
  struct Exchange {
    TransferResult result;
    ResumeAnswer answer = ResumeAnswer::NoBody;
    std::optional<Body> body{};
  };

  void claim_name();
  std::optional<Response> already_here();
  boost::asio::awaitable<Outcome> attempt(const Target& first);
  boost::asio::awaitable<Exchange> exchange(Target target, Admission& admission);
  ResumePoint resume_point(const Target& target);
  void forget_partial();
  void take_body(Exchange& exchange, BodyReceiver& receiver, const ResumePoint& point);
  Outcome conclude(Exchange exchange, const Target& target) const;
  void note(Failure failure);
  bool surely_missing() const;
  void credit(Response& response);
  std::chrono::milliseconds delay();

  FetchContext& context_;
  Request request_;
  std::vector<Target> targets_;
  BodyFile file_;
  MirrorCursor cursor_;
  std::unordered_set<std::string> lacking_;  ///< Origins that say they do not have it.
  SteadyTime started_{};                     ///< The current try.
  int attempts_ = 0;
  std::uint64_t furthest_ = 0;  ///< Size of the largest partial file so far.
  Failure last_;
  std::optional<Failure> told_;  ///< The one to report in the end.
  std::optional<Failure> told_missing_;
};

}  // namespace xylem::fetcher
