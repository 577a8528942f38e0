#include <catch2/catch.hpp>

#include "fetcher/http/response_head.hpp"

using namespace xylem::fetcher;

TEST_CASE("Content-Range is read strictly", "[fetcher]") {
  using Range = ContentRange;
  struct Row {
    std::string text;
    std::optional<Range> range;
  };
  const auto row = GENERATE(values<Row>({
      {"bytes 0-9/10", Range{0, 9, 10}},
      {"bytes 5-9/*", Range{5, 9, {}}},
      {"bytes */10", Range{{}, {}, 10}},
      {"bytes */*", {}},
      {"bytes 0-10/10", {}},
      {"bytes 9-5/10", {}},
      {"bytes 0-/10", {}},
      {"bytes -9/10", {}},
      {"bytes 0-9", {}},
      {"octets 0-9/10", {}},
      {"bytes 0-9/10 ", {}},
      {"bytes 0-99999999999999999999/*", {}},
      {"", {}},
  }));
  CAPTURE(row.text);
  CHECK(parse_content_range(row.text) == row.range);
}

TEST_CASE("Retry-After is a number or a date", "[fetcher]") {
  constexpr std::int64_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(parse_retry_after("120", now) == 120);
  CHECK(parse_retry_after("99999999999", now) == UINT32_MAX);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now) == 60);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now) == 0);
  CHECK_FALSE(parse_retry_after("soon", now));
  CHECK_FALSE(parse_retry_after("", now));
}

TEST_CASE("a validator that could end a line of a request is none", "[fetcher]") {
  ResponseHead head;
  head.take_line("HTTP/1.1 200 OK\r\n");
  head.take_line("ETag: \"a\rX-Evil: 1\"\r\n");
  head.take_line(std::string_view("Last-Modified: Sun\0 06\r\n", 24));
  CHECK(head.validators.empty());
}

TEST_CASE("headers are read whatever their case", "[fetcher]") {
  ResponseHead head;
  head.take_line("HTTP/1.1 302 Found\r\n");
  head.take_line("ETag: \"old\"\r\n");
  head.take_line("HTTP/2 206 \r\n");
  head.take_line("etag:  \"abc\" \r\n");
  head.take_line("LAST-MODIFIED: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  head.take_line("Content-Length: 12\r\n");
  head.take_line("Content-Range: bytes 3-14/15\r\n");
  head.take_line("no colon here\r\n");
  head.take_line("\r\n");
  CHECK(head.status == 206);
  CHECK(head.validators.etag == "\"abc\"");
  CHECK(head.validators.last_modified == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(head.content_length == 12);
  CHECK(head.content_range == ContentRange{3, 14, 15});

  head.take_line("HTTP/1.1 garbage\r\n");
  CHECK(head.status == 0);
  CHECK(head.validators.empty());
  head.take_line("Content-Length: -1\r\n");
  CHECK_FALSE(head.content_length);
}
