#pragma once

/// \file
/// What a fault server may do wrong, and how it is written down.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xylem::test {

/// How the body ends when it does not end well.
enum class BodyEnd {
  Whole,
  Cut,    ///< The connection is closed in order.
  Reset,  ///< The connection is torn down.
  Stall,  ///< Nothing more comes, for as long as the client waits.
};

/// A rule: which requests it is for, and what becomes of them. A default-made one changes nothing.
struct Fault {
  std::string path = "*";               ///< Shell pattern for the path; `*` matches slashes, too.
  unsigned skip = 0;                    ///< So many matching requests are served well first.
  std::optional<unsigned> count{};      ///< Then so many are not; without it, all.
  std::chrono::milliseconds latency{};  ///< Before the first byte.
  std::uint64_t rate = 0;               ///< Bytes a second; 0 is no limit.
  BodyEnd end = BodyEnd::Whole;
  std::uint64_t end_at = 0;             ///< Byte of the body at which `end` happens.
  std::optional<std::uint64_t> flip{};  ///< Byte of the body that is sent inverted.
  std::optional<unsigned> status{};     ///< Sent with a short text.
  std::optional<std::string> retry_after{};
  std::optional<std::string> redirect{};  ///< Location of a 302.
  std::optional<std::string> auth{};      ///< `user:password`; anything else gets a 401.
  std::optional<std::uint64_t> length{};  ///< Content-Length that is claimed.
  std::uint64_t headers = 0;              ///< So many bytes of headers that nobody needs.
  bool gzip = false;                      ///< Claims that the body is compressed.
  bool ignore_range = false;              ///< 200 with everything.
  bool wrong_range = false;               ///< 206 with a range that was not asked for.
  bool half_range = false;                ///< 206 with the first half of what was asked for.
  bool chunked = false;                   ///< No Content-Length.
  bool html = false;                      ///< 200 with a page for people.
  bool junk = false;                      ///< Bytes that are no HTTP at all.
  bool no_validators = false;             ///< Neither ETag nor Last-Modified.
};

/// Parses words such as `path=*.filez count=2 status=503 retry-after=1`, with the names above with
/// `-` for `_`; `cut=N`, `reset=N` and `stall=N` for the end; flags without a value. Throws
/// std::invalid_argument.
Fault parse_fault(std::string_view text);

}  // namespace xylem::test
