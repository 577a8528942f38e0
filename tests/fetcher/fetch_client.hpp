#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "fetcher/fetcher.hpp"
#include "support/temp_dir.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

/// How a fetch ended.
struct Ending {
  std::optional<Response> response;
  std::optional<Error> error;
};

/// A fetcher with its own loop and download directory, for tests that just want an answer.
class FetchClient {
 public:
  explicit FetchClient(FetcherOptions options = {})
      : fetcher_(std::in_place, io_.get_executor(), std::move(options), dir_.fd()) {}
  /// With somebody else's download directory.
  FetchClient(FetcherOptions options, FileDescriptor dir)
      : fetcher_(std::in_place, io_.get_executor(), std::move(options), dir) {}

  /// Runs all requests at once, to their end.
  std::vector<Ending> end_all(std::vector<Request> requests) {
    std::vector<Ending> endings(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) start(std::move(requests[i]), endings[i]);
    run();
    return endings;
  }
  Ending end(Request request) {
    std::vector<Request> requests;
    requests.push_back(std::move(request));
    return std::move(end_all(std::move(requests)).front());
  }
  Response get(Request request) {
    Ending ending = end(std::move(request));
    if (ending.error) throw *ending.error;
    return std::move(*ending.response);
  }
  Response get(const std::convertible_to<std::string> auto& url) {
    return get(Request{.urls = {url}});
  }
  /// The error of a fetch that has to fail.
  Error failure(Request request) { return end(std::move(request)).error.value(); }
  Error failure(const std::convertible_to<std::string> auto& url) {
    return failure(Request{.urls = {url}});
  }

  /// Begins a fetch, for run() to carry out; `ending` has to live until then.
  void start(Request request, Ending& ending) {
    const auto keep = [&ending](std::exception_ptr error, std::optional<Response> response) {
      ending.response = std::move(response);
      try {
        if (error) std::rethrow_exception(error);
      } catch (const Error& caught) {
        ending.error = caught;
      }
    };
    boost::asio::co_spawn(io_, fetch(std::move(request)), keep);
  }
  void run() {
    io_.restart();
    io_.run();
  }

  boost::asio::io_context& io() { return io_; }
  Fetcher& fetcher() { return *fetcher_; }
  const test::TempDir& dir() const { return dir_; }
  Bytes content(Response response) { return take_bytes(*fetcher_, std::move(response.body)); }

 private:
  boost::asio::awaitable<std::optional<Response>> fetch(Request request) {
    co_return co_await fetcher_->fetch(std::move(request));
  }

  test::TempDir dir_;
  boost::asio::io_context io_{1};
  std::optional<Fetcher> fetcher_;
};

/// Bytes that compress badly and differ at every place, the same for the same seed.
inline Bytes noise(std::size_t size, unsigned seed = 1) {
  Bytes bytes(size);
  std::uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;
  for (auto& byte : bytes) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::uint8_t>(state >> 56);
  }
  return bytes;
}

}  // namespace xylem::fetcher
