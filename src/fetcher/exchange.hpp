#pragma once

/// \file
/// One request to one target and the answer to it, as part of a fetch.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "fetcher/download/body_receiver.hpp"
#include "fetcher/download/range_choice.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/fetch_context.hpp"
#include "fetcher/http/url.hpp"
#include "fetcher/transfer/transfer.hpp"

namespace xylem::fetcher {

/// How an attempt ended.
using Outcome = std::variant<Response, Failure>;

/// One thread. Everything that the constructor takes is borrowed.
class Exchange {
 public:
  /// `file` is where a large body goes; an earlier exchange may have begun it.
  Exchange(FetchContext& context, const Request& request, BodyFile& file, const Target& target,
           Extent extent);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Where the exchange stands within its fetch, for its report.
  struct Place {
    int attempt;
    std::size_t mirror;
  };
  /// Once, before all functions below. `share` is what a body in memory takes from the budget.
  /// Throws Error(Cancelled), Error(Corrupt) for a body that is too large, Error(Io),
  /// Error(NoSpace).
  boost::asio::awaitable<void> run(BudgetShare& share, Place place);

  /// Where the answer redirects to, absolute; empty if it is no redirect.
  std::string location() const;
  /// Whether the answer does not continue the partial file: that has to be forgotten.
  bool refused_range() const { return answer_ == ResumeAnswer::Refused; }
  /// Whether the rest of the file was asked for.
  bool asked_for_range() const { return point_.offset != 0; }
  /// Whether the server does not like the request, though it might like one without a range.
  bool turned_down_range() const;
  bool unauthorized() const;
  /// Whether the proxy does not accept our login.
  bool refused_by_proxy() const;
  bool answered() const { return result_.head.status != 0; }
  /// What the answer means if it is no success.
  Failure failure() const { return failure_of(result_, target_.shown); }
  bool has_body() const { return body_.has_value(); }
  /// The token that was sent; may be empty.
  const std::string& token() const { return token_; }
  /// What the answer means if it is taken as it is. Once: the body is moved out.
  Outcome outcome();

 private:
  boost::asio::awaitable<TransferResult> transfer(BodyReceiver& receiver);
  std::uint32_t low_speed_limit() const;
  TransferRequest transfer_request();
  ResumePoint resume_point();
  bool may_continue() const;
  void take_body(BodyReceiver& receiver);
  void fail(CURLcode code, std::string reason);
  void report(Place place, std::uint64_t bytes, std::chrono::steady_clock::duration time) const;

  FetchContext& context_;
  const Request& request_;
  BodyFile& file_;
  const Target& target_;
  ResumePoint point_;
  std::string token_;
  TransferResult result_;
  ResumeAnswer answer_ = ResumeAnswer::NoBody;
  std::optional<Body> body_;
};

}  // namespace xylem::fetcher
