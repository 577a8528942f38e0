// The pure decisions of the fetcher, as tables.

#include <catch2/catch.hpp>

#include "fetcher/classify.hpp"
#include "fetcher/failure.hpp"
#include "fetcher/mirror_cursor.hpp"
#include "fetcher/retry_policy.hpp"
#include "fetcher/width.hpp"

using namespace xylem;
using namespace xylem::fetcher;

TEST_CASE("failures are classified", "[fetcher]") {
  struct Row {
    CURLcode code;
    long status;
    Verdict verdict;
  };
  const auto row = GENERATE(values<Row>({
      {CURLE_OK, 401, {ErrorKind::Unauthorized, Recovery::Never}},
      {CURLE_OK, 407, {ErrorKind::Unauthorized, Recovery::Never}},
      {CURLE_OK, 403, {ErrorKind::NotFound, Recovery::Never}},
      {CURLE_OK, 404, {ErrorKind::NotFound, Recovery::Never}},
      {CURLE_OK, 410, {ErrorKind::NotFound, Recovery::Never}},
      {CURLE_OK, 400, {ErrorKind::Network, Recovery::Never}},
      {CURLE_OK, 408, {ErrorKind::Timeout, Recovery::Likely}},
      {CURLE_OK, 425, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_OK, 429, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_OK, 500, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_OK, 503, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_OK, 504, {ErrorKind::Timeout, Recovery::Likely}},
      {CURLE_OK, 204, {ErrorKind::Network, Recovery::Perhaps}},
      {CURLE_COULDNT_CONNECT, 0, {ErrorKind::Network, Recovery::Perhaps}},
      {CURLE_COULDNT_RESOLVE_HOST, 0, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_OPERATION_TIMEDOUT, 0, {ErrorKind::Timeout, Recovery::Likely}},
      {CURLE_PARTIAL_FILE, 200, {ErrorKind::Corrupt, Recovery::Likely}},
      {CURLE_RECV_ERROR, 200, {ErrorKind::Network, Recovery::Likely}},
      {CURLE_RECV_ERROR, 404, {ErrorKind::NotFound, Recovery::Never}},
      {CURLE_PEER_FAILED_VERIFICATION, 0, {ErrorKind::Network, Recovery::Never}},
      {CURLE_SSL_CERTPROBLEM, 0, {ErrorKind::InvalidArgument, Recovery::Never}},
      {CURLE_FILE_COULDNT_READ_FILE, 0, {ErrorKind::NotFound, Recovery::Never}},
      {CURLE_FILESIZE_EXCEEDED, 0, {ErrorKind::Corrupt, Recovery::Never}},
  }));
  CAPTURE(row.code, row.status);
  CHECK(classify(row.code, row.status) == row.verdict);
}

TEST_CASE("what may pass is tried again", "[fetcher]") {
  CHECK(may_pass(Recovery::Likely, false));
  CHECK(may_pass(Recovery::Perhaps, true));
  CHECK_FALSE(may_pass(Recovery::Perhaps, false));
  CHECK_FALSE(may_pass(Recovery::Never, true));
}

TEST_CASE("retries wait longer and longer", "[fetcher]") {
  struct Row {
    unsigned retry;
    std::optional<std::uint32_t> retry_after;
    double dice;
    long milliseconds;
  };
  const auto row = GENERATE(values<Row>({
      {1, {}, 0.0, 0},
      {1, {}, 1.0, 100},
      {2, {}, 1.0, 400},
      {3, {}, 0.5, 400},
      {3, {}, 1.0, 800},
      {4, {}, 1.0, 1600},
      {100, {}, 1.0, 10'000},
      {4'000'000'000, {}, 1.0, 10'000},
      {1, 2, 0.0, 2000},
      {1, 2, 1.0, 2100},
      {2, 0, 0.5, 200},
      {1, 4'000'000'000, 0.0, 60'000},
  }));
  CAPTURE(row.retry, row.dice);
  CHECK(retry_delay(row.retry, row.retry_after, row.dice).count() == row.milliseconds);
}

TEST_CASE("mirrors are tried in turn", "[fetcher]") {
  SECTION("one mirror uses up its retries") {
    MirrorCursor cursor(1, 2);
    CHECK(cursor.retry() == 0);
    CHECK(cursor.advance(true));
    CHECK(cursor.retry() == 1);
    CHECK(cursor.advance(true));
    CHECK(cursor.retry() == 2);
    CHECK_FALSE(cursor.advance(true));
  }
  SECTION("a permanent failure is final") {
    MirrorCursor cursor(1, 5);
    CHECK_FALSE(cursor.advance(false));
  }
  SECTION("each mirror has a first try, even without retries") {
    MirrorCursor cursor(3, 0);
    CHECK(cursor.advance(false));
    CHECK(cursor.current() == 1);
    CHECK(cursor.advance(true));
    CHECK(cursor.current() == 2);
    CHECK_FALSE(cursor.advance(true));
  }
  SECTION("mirrors without hope are left out") {
    MirrorCursor cursor(3, 5);
    CHECK(cursor.advance(true));   // 0 may pass
    CHECK(cursor.advance(false));  // 1 will not
    CHECK(cursor.advance(true));   // 2 may pass
    CHECK(cursor.current() == 0);
    CHECK(cursor.retry() == 1);
    CHECK(cursor.advance(true));
    CHECK(cursor.current() == 2);
    CHECK(cursor.advance(false));
    CHECK(cursor.current() == 0);
    CHECK_FALSE(cursor.advance(false));
  }
  SECTION("progress gives the retries back") {
    MirrorCursor cursor(1, 1);
    for (int i = 0; i < 10; ++i) {
      cursor.made_progress();
      CHECK(cursor.advance(true));
    }
    CHECK_FALSE(cursor.advance(true));
  }
}

TEST_CASE("any other failure says more than that one mirror lacks a file", "[fetcher]") {
  const Failure missing{.verdict = {ErrorKind::NotFound, Recovery::Never}};
  const Failure broken{.verdict = {ErrorKind::Network, Recovery::Likely}};
  CHECK(tells_more(broken, missing));
  CHECK_FALSE(tells_more(missing, broken));
  CHECK(tells_more(missing, missing));
  CHECK(tells_more(broken, broken));
}

TEST_CASE("the width follows the protocol, unless it is given", "[fetcher]") {
  CHECK(request_width(0, false) == 32);
  CHECK(request_width(0, true) == 128);
  CHECK(request_width(3, false) == 3);
  CHECK(request_width(3, true) == 3);
  CHECK(request_width(UINT32_MAX, true) == 512);
  CHECK(connection_limits(0).per_host == 32);
  CHECK(connection_limits(3).per_host == 3);
  CHECK(connection_limits(UINT32_MAX).per_host == 128);
}
