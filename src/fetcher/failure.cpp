#include "fetcher/failure.hpp"

#include <fmt/format.h>

namespace xylem::fetcher {

Failure failure_of(const TransferResult& result, std::string url) {
  const long status = result.head.status;
  const bool refused = result.code == CURLE_OK || status >= 400;
  return {.verdict = classify(result.code, status),
          .reason = refused ? fmt::format("HTTP status {}", status) : result.reason,
          .hint = std::string(failure_hint(result.code, status)),
          .url = std::move(url),
          .status = status,
          .retry_after = result.head.retry_after};
}

bool tells_more(const Failure& later, const Failure& earlier) {
  return later.verdict.kind != ErrorKind::NotFound || earlier.verdict.kind == ErrorKind::NotFound;
}

namespace {

bool is_of_network(const Failure& failure) {
  const ErrorKind kind = failure.verdict.kind;
  return (kind == ErrorKind::Network || kind == ErrorKind::Timeout) &&
         failure.verdict.recovery != Recovery::Never;
}

}  // namespace

bool is_offline(const Failure& failure) {
  return is_of_network(failure) && failure.status == 0;
}

bool is_pushback(const Failure& failure) {
  constexpr long too_many = 429;
  constexpr long unavailable = 503;
  if (failure.status == too_many || failure.status == unavailable) return true;
  return failure.verdict.kind == ErrorKind::Network &&
         failure.verdict.recovery == Recovery::Likely && failure.status < 300;
}

Error to_error(const Failure& failure, int attempts) {
  std::string message = fmt::format("cannot fetch {}: {}", failure.url, failure.reason);
  if (attempts > 1) message += fmt::format(" (after {} attempts)", attempts);
  return Error(failure.verdict.kind, std::move(message),
               {.url = failure.url,
                .attempts = attempts,
                .http_status = failure.status,
                .hint = failure.hint});
}

}  // namespace xylem::fetcher
