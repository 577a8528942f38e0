// The pure rules of HTTP that the server follows, as tables.

#include <catch2/catch.hpp>

#include "base/http_date.hpp"
#include "server/http/byte_range.hpp"
#include "server/http/preconditions.hpp"
#include "server/http/reply.hpp"
#include "server/http/request_path.hpp"

using namespace xylem;
using namespace xylem::server;

TEST_CASE("ranges are chosen", "[server]") {
  using enum RangeKind;
  struct Row {
    std::string header;
    std::uint64_t file_size;
    RangeChoice choice;
  };
  const auto row = GENERATE(values<Row>({
      {"", 10, {Whole}},
      {"bytes=0-", 10, {Part, {0, 10}}},
      {"bytes=3-5", 10, {Part, {3, 3}}},
      {"bytes=3-99", 10, {Part, {3, 7}}},
      {"bytes=9-9", 10, {Part, {9, 1}}},
      {"bytes=-3", 10, {Part, {7, 3}}},
      {"bytes=-99", 10, {Part, {0, 10}}},
      {"bytes=10-", 10, {Unsatisfiable}},
      {"bytes=0-", 0, {Unsatisfiable}},
      {"bytes=-0", 10, {Unsatisfiable}},
      {"bytes=-5", 0, {Unsatisfiable}},
      {"bytes=5-3", 10, {Whole}},
      {"bytes=0-1,3-4", 10, {Whole}},
      {"bytes=", 10, {Whole}},
      {"bytes=-", 10, {Whole}},
      {"bytes=a-b", 10, {Whole}},
      {"lines=0-1", 10, {Whole}},
      {"bytes=99999999999999999999-", 10, {Whole}},
      {"bytes=0-18446744073709551615", 10, {Part, {0, 10}}},
  }));
  CAPTURE(row.header, row.file_size);
  CHECK(choose_range(row.header, row.file_size) == row.choice);
}

TEST_CASE("dates are written and read", "[server]") {
  CHECK(format_http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(format_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  for (const char* bad : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Mon, 06 Nov 1994 08:49:37 GMT",
                          "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, -6 Nov 1994 08:49:37 GMT"})
    CHECK_FALSE(parse_http_date(bad));
}

TEST_CASE("paths are decoded, not judged", "[server]") {
  CHECK(request_path("/a/b") == "a/b");
  CHECK(request_path("//a") == "a");
  CHECK(request_path("/") == "");
  CHECK(request_path("/a%20b%2f?x=/y") == "a b/");
  CHECK(request_path("/a#b") == "a");
  CHECK(request_path("http://host/a") == "a");
  CHECK(request_path("http://host") == "");
  CHECK(request_path("/../x") == "../x");
  for (const char* bad : {"", "a", "*", "/a%", "/a%2", "/a%zz", "/a%00b", "ftp://x/y"})
    CHECK_FALSE(request_path(bad));
}

TEST_CASE("conditions are judged", "[server]") {
  const FileVersion version{.etag = "\"a\"", .modified = 784111777};
  const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT";
  const std::string earlier = "Sat, 05 Nov 1994 08:49:37 GMT";
  CHECK(not_modified(version, "\"a\"", ""));
  CHECK(not_modified(version, "W/\"a\"", ""));
  CHECK(not_modified(version, "\"x\" , \"a\"", ""));
  CHECK(not_modified(version, "*", ""));
  CHECK_FALSE(not_modified(version, "\"b\"", ""));
  CHECK_FALSE(not_modified(version, "\"b\"", same));  // the first condition decides
  CHECK(not_modified(version, "", same));
  CHECK_FALSE(not_modified(version, "", earlier));
  CHECK_FALSE(not_modified(version, "", "nonsense"));
  CHECK_FALSE(not_modified(version, "", ""));
  CHECK(range_allowed(version, ""));
  CHECK(range_allowed(version, "\"a\""));
  CHECK_FALSE(range_allowed(version, "W/\"a\""));
  CHECK_FALSE(range_allowed(version, "\"b\""));
  CHECK(range_allowed(version, same));
  CHECK_FALSE(range_allowed(version, earlier));
}

TEST_CASE("a head says what the body will be", "[server]") {
  const std::string head = format_head(text_reply(404, "no"));
  CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(head.find("\r\nContent-Length: 3\r\n") != head.npos);
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(format_head(Reply{.status = 304}).find("Content-Length") == head.npos);
  CHECK(format_head(Reply{.keep_alive = false}).find("Connection: close") != head.npos);
}
