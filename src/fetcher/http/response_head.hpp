#pragma once

/// \file
/// Status line and headers of a response (RFC 9110), as far as the fetcher uses them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

/// `Content-Range: bytes first-last/total`, or `bytes */total` with a 416.
struct ContentRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
  std::optional<std::uint64_t> total;  ///< Unknown if the server sent `*`.

  bool operator==(const ContentRange&) const = default;
};

/// nullopt unless it is exactly of that form, with first <= last < total.
std::optional<ContentRange> parse_content_range(std::string_view text);

/// Seconds since the epoch of a date from a server, also in HTTP's obsolete forms and others that
/// servers send; nullopt if it is none. What we write is format_http_date().
std::optional<std::int64_t> parse_lenient_date(std::string_view text);

/// Seconds from now that `Retry-After` asks to wait: a number, or a date. nullopt if it is neither.
std::optional<std::uint32_t> parse_retry_after(std::string_view text, std::int64_t now);

struct ResponseHead {
  long status = 0;  ///< 0 for file URLs.
  Validators validators;
  std::optional<std::uint64_t> content_length;
  bool encoded = false;  ///< `content_length` is not the size of what comes out.
  std::optional<ContentRange> content_range;
  std::optional<std::uint32_t> retry_after;  ///< In seconds.
  bool closes = false;                       ///< The server closes the connection after the body.
  bool html = false;                         ///< It is said to be a web page.
  std::string content_encoding;              ///< In small letters; empty if the body is as it is.
  /// What can explain bytes that are not those of the file: `Age`, `X-Cache`, `Via`,
  /// `Content-Encoding`, and the type of a web page; as they came, cut to printable letters and a
  /// sensible length.
  std::string cache_headers;

  /// Takes the next line, as curl gives it. A status line starts afresh.
  void take_line(std::string_view line);
};

}  // namespace xylem::fetcher
