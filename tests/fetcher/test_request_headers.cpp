#include <catch2/catch.hpp>

#include "fetcher/request_headers.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::fetcher;

namespace {

std::vector<std::string> lines(const CurlList& list) {
  std::vector<std::string> lines;
  for (const curl_slist* line = list.get(); line != nullptr; line = line->next)
    lines.emplace_back(line->data);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the user's headers go to trusted origins only", "[fetcher]") {
  const HeaderList users = {{"X-Token", "secret"}, {"X-Empty", ""}};
  CHECK(lines(request_headers(users, true, {}, {})) == Lines{"X-Token: secret", "X-Empty;"});
  CHECK(lines(request_headers(users, false, {}, {})).empty());
}

TEST_CASE("conditions become headers", "[fetcher]") {
  Request request;
  request.unless_modified = Validators{.etag = "\"a\"", .last_modified = "yesterday"};
  CHECK(lines(request_headers({}, true, request, {})) == Lines{"If-None-Match: \"a\""});
  request.unless_modified->etag.clear();
  CHECK(lines(request_headers({}, true, request, {})) == Lines{"If-Modified-Since: yesterday"});
  Request fresh{.no_cache = true};
  CHECK(lines(request_headers({}, true, fresh, {})) ==
        Lines{"Cache-Control: no-cache", "Pragma: no-cache"});
}

TEST_CASE("a range is bound to its version", "[fetcher]") {
  const DownloadRecord record{.validators = {.etag = "\"a\""}};
  CHECK(lines(request_headers({}, true, {}, {.offset = 5, .record = record, .same_url = true})) ==
        Lines{"If-Range: \"a\""});
  CHECK(lines(request_headers({}, true, {}, {.offset = 0, .record = record, .same_url = true}))
            .empty());
}

TEST_CASE("headers that would break the request are refused", "[fetcher]") {
  CHECK_NOTHROW(check_headers({{"Authorization", "Bearer a:b c"}}));
  for (const auto& bad : HeaderList{{"", "x"},
                                    {"A B", "x"},
                                    {"A:", "x"},
                                    {"A\r\nB", "x"},
                                    {"A", "x\r\nHost: evil"},
                                    {"A", std::string("x\0y", 3)}})
    CHECK(error_kind([&] { check_headers({bad}); }) == ErrorKind::InvalidArgument);
}
