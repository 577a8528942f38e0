#include "fetcher/failure.hpp"

#include <fmt/format.h>

namespace xylem::fetcher {

namespace {

/// What curl says then may show the password of the proxy.
bool is_bad_proxy(const TransferResult& result) {
  return result.code != CURLE_OK && result.reason.starts_with("Unsupported proxy");
}

bool refuses_certificate(const TransferResult& result) {
  return result.head.status == 0 && is_certificate_refusal(result.reason);
}

Verdict verdict_of(const TransferResult& result) {
  if (result.page) return {ErrorKind::Corrupt, Recovery::Likely};
  const Verdict verdict = classify(result.code, result.head.status);
  // That a proxy does not find the server says nothing of the file.
  if (result.of_proxy && verdict.kind == ErrorKind::NotFound)
    return {ErrorKind::Network, Recovery::Perhaps};
  if (is_bad_proxy(result)) return {ErrorKind::InvalidArgument, Recovery::Never};
  if (refuses_certificate(result)) return {ErrorKind::Unauthorized, Recovery::Never};
  return verdict;
}

std::string reason_of(const TransferResult& result) {
  const long status = result.head.status;
  if (is_bad_proxy(result))
    return "the proxy in the environment or of the remote is none that can be used";
  if (result.of_proxy) return fmt::format("the proxy answers with HTTP status {}", status);
  const bool refused = result.code == CURLE_OK || status >= 400;
  // In the words of libostree, which scripts look for, and then those of curl.
  if (refused) return fmt::format("Server returned HTTP {}", status);
  if (result.code == CURLE_PARTIAL_FILE) return "Download incomplete: " + result.reason;
  return result.reason;
}

std::string hint_of(const TransferResult& result) {
  if (result.page)
    return "the URL may lead to a web page or a login portal instead of a repository: open it in a "
           "browser";
  if (is_bad_proxy(result))
    return "set http_proxy, https_proxy or all_proxy to a URL such as http://HOST:PORT";
  if (refuses_certificate(result))
    return "the server wants a client certificate that it accepts: check tls-client-cert-path and "
           "tls-client-key-path of the remote";
  return std::string(failure_hint(result.code, result.head.status));
}

/// A page is of a portal on the way, or of a server in trouble.
bool is_of_host(const TransferResult& result) {
  if (result.page || is_overload(result.head.status)) return true;
  return result.head.status == 0 && is_unreachable(result.code);
}

}  // namespace

Failure failure_of(const TransferResult& result, std::string url) {
  return {.verdict = verdict_of(result),
          .reason = reason_of(result),
          .hint = hint_of(result),
          .url = std::move(url),
          .status = result.head.status,
          .is_page = result.page,
          .of_host = is_of_host(result),
          .retry_after = result.head.retry_after};
}

Failure bad_redirect(const Target& target, std::string reason) {
  return {.verdict = classify(CURLE_TOO_MANY_REDIRECTS, 0),
          .reason = std::move(reason),
          .hint = "check the configuration of the server",
          .url = target.shown};
}

Failure bad_body(const Error& error, const Target& target) {
  const std::string& url = error.details().url;
  return {.verdict = {ErrorKind::Corrupt, Recovery::Never},
          .reason = error.what(),
          .url = url.empty() ? target.shown : url};
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
  if (failure.of_host || is_overload(failure.status)) return true;
  return failure.verdict.kind == ErrorKind::Network &&
         failure.verdict.recovery == Recovery::Likely && failure.status < 300;
}

bool may_be_missing(const Failure& failure) {
  constexpr long forbidden = 403;
  return failure.verdict.kind == ErrorKind::NotFound || failure.status == forbidden;
}

Failure as_missing(Failure failure) {
  failure.verdict.kind = ErrorKind::NotFound;
  return failure;
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
