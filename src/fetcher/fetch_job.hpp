#pragma once

/// \file
/// One fetch from first try to last: redirects, mirrors, retries, resuming.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <unordered_set>
#include <variant>

#include "fetcher/download/body_receiver.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/fetch_context.hpp"
#include "fetcher/http/url.hpp"
#include "fetcher/policy/mirror_cursor.hpp"
#include "fetcher/transfer.hpp"

namespace xylem::fetcher {

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
  boost::asio::awaitable<Outcome> ask(const Target& first, Admission& admission);
  boost::asio::awaitable<Exchange> exchange(const Target& target, Admission& admission);
  boost::asio::awaitable<TransferResult> transfer(const Target& target, const ResumePoint& point,
                                                  BodyReceiver& receiver);
  TransferRequest transfer_request(const Target& target, const ResumePoint& point);
  std::chrono::milliseconds quiet_time(const Target& target) const;
  bool renew_authorization(const Target& target, long status);
  void report(const TransferResult& result, const Target& target, const ResumePoint& point,
              std::uint64_t bytes, SteadyTime began) const;
  ResumePoint resume_point(const Target& target);
  void forget_partial();
  void take_body(Exchange& exchange, BodyReceiver& receiver, const ResumePoint& point);
  Outcome conclude(Exchange exchange, const Target& target) const;
  void note(Failure failure);
  bool may_try_again();
  bool surely_missing() const;
  bool wait_online();
  void credit(Response& response);
  std::chrono::milliseconds delay();

  FetchContext& context_;
  Request request_;
  std::vector<Target> targets_;
  BodyFile file_;
  MirrorCursor cursor_;
  std::unordered_set<std::string> lacking_;  ///< Origins that say they do not have it.
  SteadyTime started_{};                     ///< The current try.
  std::string token_;                        ///< The authorization that was sent last.
  bool renewed_ = false;                     ///< It was asked for again.
  unsigned offline_tries_ = 0;               ///< In a row, while there is no network.
  int attempts_ = 0;
  std::uint64_t furthest_ = 0;  ///< Size of the largest partial file so far.
  bool progressed_ = false;     ///< The last try made it larger.
  Failure last_;
  std::optional<Failure> told_;  ///< The one to report in the end.
  std::optional<Failure> told_missing_;
};

}  // namespace xylem::fetcher
