#pragma once

/// \file
/// URL in, bytes out. Knows nothing of OSTree: names, checksums and formats are its callers'.
///
/// A Fetcher lives on one executor that one thread runs (or a strand): all its functions are called
/// there, and its coroutines run there. It owns curl's multi handle, whose sockets and timers it
/// watches with Asio. Bodies are kept in memory while they are small; a body above
/// `large_body` bytes, or one that the memory budget has no room for, goes to a file in the
/// download directory, as it comes.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "fetcher/authorization.hpp"
#include "fetcher/body_watcher.hpp"
#include "fetcher/exchange_report.hpp"
#include "xylem/rate_limit.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

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
  std::uint32_t low_speed_limit_bytes = 1000;  ///< Per second.
  std::uint32_t low_speed_time_seconds = 30;
  std::uint32_t max_requests = 0;  ///< In flight at once; 0 adapts to the server.
  RateLimit rate;                  ///< Of all bodies together.
  /// When this many bytes of bodies have come every fetch fails with Error(Cancelled); 0 is no
  /// limit.
  std::uint64_t max_bytes = 0;
  /// While no server can be reached, go on trying; else the retries limit that, too.
  bool wait_online = false;
  AuthorizationSource authorization;  ///< May be empty. Only for origins that a request names.
  /// curl's CURLOPT_AWS_SIGV4 ("aws:amz:region:s3"): user name and password of a URL sign its
  /// requests in place of being sent. Empty: no.
  std::string aws_sigv4;
  /// Told of each exchange, on the fetcher's thread. May be empty. Must not throw.
  std::function<void(const ExchangeReport&)> observer;
  /// Most bytes of bodies held in memory, from the socket until their Body is destroyed. No request
  /// is started while it is used up.
  std::uint64_t memory_budget = 64ULL * 1024 * 1024;
};

/// Bodies larger than this go to a file. Smaller ones do, too, if the memory budget has no room.
constexpr std::uint64_t large_body = 1024 * 1024;

/// What a server said about the version of a body, for conditional and range requests.
struct Validators {
  std::string etag;
  std::string last_modified;  ///< The header's text.
  bool empty() const { return etag.empty() && last_modified.empty(); }
};

/// Lower goes first.
enum class Priority { Metadata, Content };

struct Request {
  /// The same thing at one or several mirrors, best first: http, https or file.
  std::vector<std::string> urls;
  /// The body may not be larger; 0 is no limit. Passing it is Error(Corrupt), never retried.
  std::uint64_t max_size = 0;
  /// File name for a large body, unique to its content (`<checksum>.filez`). A partial file of this
  /// name in the download directory is continued. Empty: a large body still goes to a file, but is
  /// not continued later.
  std::string resume_name;
  /// The end of each URL that names the thing itself, "objects/ab/cd.filez". A redirect that keeps
  /// it holds for all that has the same beginning: it is learnt, and not asked for again. Empty:
  /// each redirect is for itself.
  std::string path;
  /// Answer "not modified" if it has not changed.
  std::optional<Validators> unless_modified;
  /// Ask caches on the way to fetch it anew, and forget a partial file.
  bool no_cache = false;
  /// Response::mirror of those that are not to be asked, because their bytes were bad.
  std::vector<std::string> avoid;
  /// It may well not exist: if some mirrors lack it and the others have just failed, it does not.
  bool optional = false;
  Priority priority = Priority::Content;
  /// Told of a body that goes to a file and whose size is announced; borrowed, may be null.
  BodyWatcher* watcher = nullptr;
};

/// Keeps its share of the memory budget taken until it is destroyed, which must happen before the
/// Fetcher is destroyed, on any thread.
class BudgetLease {
 public:
  BudgetLease() = default;
  explicit BudgetLease(std::shared_ptr<void> hold) : hold_(std::move(hold)) {}

 private:
  std::shared_ptr<void> hold_;
};

/// The body of a response: in memory, or a finished file in the download directory.
struct Body {
  Bytes bytes;            ///< Empty if it is in a file.
  std::string file_name;  ///< In the download directory; empty if it is in memory. The receiver
                          ///< renames or removes it.
  std::uint64_t size = 0;
  BudgetLease lease;

  bool in_memory() const { return file_name.empty(); }
};

struct Response {
  Body body;
  bool not_modified = false;
  Validators validators;
  std::string url;     ///< That answered, without credentials, for messages.
  std::string mirror;  ///< The URL of the request that led there, without credentials.
  /// What caches on the way said of it: "Age: 12, Via: 1.1 proxy"; empty if nothing.
  std::string cache_story;
};

struct FetcherStats {
  std::uint64_t bytes_received = 0;  ///< Of bodies, live; also those that were thrown away.
  std::uint64_t requests = 0;        ///< Sent to a server, with retries.
  std::uint64_t bytes_resumed = 0;   ///< That partial files saved.
  std::uint32_t in_flight = 0;
  std::uint64_t retries = 0;  ///< Of the requests, those that were not the first of their fetch.
};

class Fetcher {
 public:
  /// `download_dir` is borrowed; it is this fetcher's alone (repo::allocate_tmpdir).
  Fetcher(asio::any_io_executor executor, FetcherOptions options, FileDescriptor download_dir);
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  ~Fetcher();

  /// Waits for its turn, tries the mirrors, retries, and returns the whole body. Throws
  /// Error(NotFound) for 403, 404 and 410, Unauthorized for 401 and 407, Network, Timeout, Corrupt
  /// (too large, or less than announced), Cancelled; each with URL, attempts and status in its
  /// details.
  asio::awaitable<Response> fetch(Request request);

  /// The bytes that this response brought were bad: other mirrors are asked first for a while.
  void blame(const Response& response);

  /// All fetches that wait or run fail with Error(Cancelled), later ones too.
  void cancel();

  /// Files of the download of this name were put into the download directory: they are used when
  /// it is asked for.
  void expect_download(const std::string& name);

  FetcherStats stats() const;
  /// How many requests may be in flight now; it changes as the fetcher finds out what pays.
  unsigned width() const;
  /// The directory large bodies are in.
  FileDescriptor download_dir() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// All bytes of a body, for those who need them in memory wherever they are; a file is removed.
/// Blocking. Throws Error(Io).
Bytes take_bytes(const Fetcher& fetcher, Body body);

}  // namespace xylem::fetcher
