#pragma once

/// \file
/// Room `fetcher`: one fetch from first try to last, and what all fetches share. Knows nothing of
/// OSTree: names, checksums and formats are its callers'.
///
/// URL in, bytes out.
///
/// A Fetcher lives on one executor that one thread runs (or a strand): all its functions are called
/// there, and its coroutines run there. It owns curl's multi handle, whose sockets and timers it
/// watches with Asio. Bodies are kept in memory while they are small; a body above
/// `large_body` bytes, or one that the memory budget has no room for, goes to a file in the
/// download directory, as it comes.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/os/fd.hpp"
#include "fetcher/request/options.hpp"
#include "fetcher/request/request.hpp"
#include "fetcher/request/response.hpp"

namespace xylem::fetcher {

namespace asio = boost::asio;

struct FetchContext;

class Fetcher {
 public:
  /// `download_dir` is borrowed; it is this fetcher's alone (repo::allocate_tmpdir).
  Fetcher(const asio::any_io_executor& executor, FetcherOptions options,
          FileDescriptor download_dir);
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  ~Fetcher();

  /// Waits for its turn, tries the mirrors, retries, and returns the whole body. Throws
  /// Error(NotFound) for 404 and 410, Unauthorized for 401, 403 and 407, Network, Timeout, Corrupt
  /// (too large, less than announced, or a web page), Cancelled; each with URL, attempts and status
  /// in its details. A 403 for an optional request is NotFound, too.
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
  std::shared_ptr<FetchContext> context_;  ///< Held by the fetches that run, too.
};

/// All bytes of a body, for those who need them in memory wherever they are; a file is removed.
/// Blocking. Throws Error(Io).
Bytes take_bytes(const Fetcher& fetcher, Body body);

}  // namespace xylem::fetcher
