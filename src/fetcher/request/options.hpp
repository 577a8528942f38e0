#pragma once

/// \file
/// The settings of a fetcher: values only, so that every lower file may name them.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fetcher/request/exchange_report.hpp"
#include "fetcher/request/fetch_event.hpp"
#include "xylem/rate_limit.hpp"

namespace xylem::fetcher {

/// Returns the value of the `Authorization` header for requests to `url` ("Bearer …"), or nothing.
/// `refused` is the value that the server has just answered with a 401, empty at first. Called on
/// the fetcher's thread, which waits.
using AuthorizationSource =
    std::function<std::optional<std::string>(const std::string& url, const std::string& refused)>;

/// TLS of one remote. Paths are PEM files; a key may also be a `pkcs11:` URI.
struct TlsOptions {
  bool permissive = false;  ///< Accept any certificate.
  std::optional<std::string> ca_path;
  std::optional<std::string> client_cert_path;
  std::optional<std::string> client_key_path;
  std::optional<std::string> proxy_ca_path;  ///< For a proxy whose URL is https.
};

struct FetcherOptions {
  std::string user_agent;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> proxy;
  std::optional<std::string> cookie_file;  ///< Netscape format; read only.
  TlsOptions tls;
  bool http2 = true;
  unsigned retries = 5;          ///< Further tries after a failure that may pass.
  bool retry_all_errors = true;  ///< Any network failure may pass, not just the known ones.
  std::uint32_t connect_timeout_seconds = 30;
  /// Per second, of all transfers from one server together; 0 is no limit. A request that has
  /// another mirror to ask wants `usual_speed` at least.
  std::uint32_t low_speed_limit_bytes = 1;
  std::uint32_t low_speed_time_seconds = 30;
  std::uint32_t max_requests = 0;  ///< In flight at once; 0 adapts to the server.
  RateLimit rate;                  ///< Of all bodies together.
  /// When this many bytes of bodies have come every fetch fails with Error(Cancelled); 0 is no
  /// limit.
  std::uint64_t max_bytes = 0;
  /// Puts what others left of a download of this name into the download directory; false if there
  /// is nothing. May be empty. Must not throw.
  std::function<bool(const std::string& name)> take_over;
  /// While no server can be reached, go on trying; else the retries limit that, too.
  bool wait_online = false;
  AuthorizationSource authorization;  ///< May be empty. Only for trusted origins.
  /// URLs that the user named: `headers` and `authorization` go to their origins, and to no mirror
  /// that a server's list names. nullopt: all URLs of requests are the user's.
  std::optional<std::vector<std::string>> named_urls;
  /// curl's CURLOPT_AWS_SIGV4 ("aws:amz:region:s3"): user name and password of a URL sign its
  /// requests in place of being sent. Empty: no.
  std::string aws_sigv4;
  /// Told of each exchange, on the fetcher's thread. May be empty. Must not throw.
  std::function<void(const ExchangeReport&)> observer;
  /// As above, of each failure that the fetcher gets over.
  std::function<void(const FetchEvent&)> on_event;
  /// Most bytes of bodies held in memory, from the socket until their Body is destroyed. No request
  /// is started while it is used up.
  std::uint64_t memory_budget = 64ULL * 1024 * 1024;
};

}  // namespace xylem::fetcher
