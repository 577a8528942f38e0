#pragma once

/// \file
/// One fetch from first attempt to last: redirects, mirrors, retries, resuming.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "fetcher/exchange.hpp"
#include "fetcher/failure_record.hpp"
#include "fetcher/fetch_context.hpp"
#include "fetcher/policy/mirror_cursor.hpp"

namespace xylem::fetcher {

/// What one fetch has used up so far, over all mirrors.
struct Attempts {
  int count = 0;
  unsigned offline = 0;            ///< In a row, while there is no network.
  unsigned turned_away = 0;        ///< Those that failed because of the server, not the file.
  std::uint64_t furthest = 0;      ///< Size of the largest partial file.
  bool token_renewed = false;      ///< The token was asked for again.
  bool new_token_waiting = false;  ///< There is a new one that was not used yet.
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
  void claim_name();
  std::optional<Response> take_finished();
  const Target& mirror() const { return targets_[cursor_.current()]; }
  boost::asio::awaitable<Outcome> attempt();
  const Target& choose_mirror();
  boost::asio::awaitable<Admission> admit();
  boost::asio::awaitable<Outcome> follow_redirects(const Target& first, Admission& admission);
  boost::asio::awaitable<std::optional<Failure>> exchange(std::optional<Exchange>& exchange,
                                                          const Target& target,
                                                          Admission& admission);
  bool renew_token(const Exchange& exchange, const Target& target);
  void note_failure(Failure failure);
  void note_success(Response& response);
  bool note_progress();
  bool may_try_again(bool progressed);
  bool host_may_recover();
  bool is_last_chance() const;
  unsigned number_of_retry() const;
  Error final_error(Failure failure);
  bool surely_missing() const;
  bool wait_online();
  void tell(const Target& failed) const;

  FetchContext& context_;
  Request request_;
  std::vector<Target> targets_;
  BodyFile file_;
  MirrorCursor cursor_;
  FailureRecord failures_;
  SteadyTime started_{};  ///< The current attempt.
  Attempts attempts_;
  RangeChoice ranges_;
};

}  // namespace xylem::fetcher
