#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace xylem::fetcher {

/// One request and its answer, for logs and traces. No field holds a secret.
struct ExchangeReport {
  std::string url;
  long status = 0;           ///< 0 if there was no answer, and for files.
  std::uint64_t bytes = 0;   ///< Of the body, that came.
  std::uint64_t offset = 0;  ///< First byte that was asked for.
  std::chrono::steady_clock::duration time{};
  int attempt = 1;         ///< Of this fetch, counted over all mirrors.
  std::size_t mirror = 0;  ///< Its place among the URLs of the request.
  std::string protocol;    ///< "HTTP/1.1", "HTTP/2"; empty if there was no answer.
  std::string failure;     ///< Empty if the transfer itself went well.
  bool optional = false;   ///< As Request::optional: it may well not exist.
};

/// "GET http://h/x: 200, 1234 bytes in 12 ms, HTTP/2, attempt 1".
std::string describe(const ExchangeReport& report);

}  // namespace xylem::fetcher
