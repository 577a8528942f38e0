// The pure decisions of the fetcher, as tables.

#include <catch2/catch.hpp>

#include "fetcher/failure.hpp"
#include "fetcher/http/authorization.hpp"
#include "fetcher/policy/classify.hpp"
#include "fetcher/policy/mirror_cursor.hpp"
#include "fetcher/policy/retry_policy.hpp"
#include "fetcher/policy/width.hpp"
#include "fetcher/transfer/throttle.hpp"

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
      {CURLE_OK, 403, {ErrorKind::Unauthorized, Recovery::Never}},
      {CURLE_OK, 511, {ErrorKind::Unauthorized, Recovery::Never}},
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

TEST_CASE("retries of all requests are bounded, and successes pay for them", "[fetcher]") {
  RetryBudget budget;
  budget.earn();  // more than all cannot be had
  for (int i = 0; i < 3; ++i) CHECK(budget.spend(3));
  CHECK_FALSE(budget.spend(3));
  budget.earn();
  CHECK(budget.spend(3));
  CHECK_FALSE(budget.spend(3));
  CHECK(host_retry_limit(5) == 2560);
  CHECK(total_retry_limit(5) == 10240);
  CHECK_FALSE(RetryBudget().spend(host_retry_limit(0)));
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
  CHECK(first_width(0) == 8);
  CHECK(http2_width(0) == 256);
  CHECK(closing_width(0) == 5);
  CHECK(first_width(3) == 3);
  CHECK(http2_width(3) == 3);
  CHECK(closing_width(3) == 3);
  CHECK(http2_width(UINT32_MAX) == 512);
  CHECK(connection_limits(0, 1024).per_host == 128);
  CHECK(connection_limits(0, 1024).per_host_http2 == 4);
  CHECK(connection_limits(0, 100).per_host == 25);
  CHECK(connection_limits(0, 1).per_host == 4);
  CHECK(connection_limits(3, 1024).per_host == 3);
  CHECK(connection_limits(3, 1024).per_host_http2 == 3);
  CHECK(connection_limits(UINT32_MAX, 1024).per_host == 128);
  CHECK(width_range(0, false).least == 1);
  CHECK(width_range(0, false).most == 128);
  CHECK(width_range(0, true).most == 512);
  CHECK(width_range(3, true).least == 3);
  CHECK(width_range(3, true).most == 3);
}

TEST_CASE("the width grows while that pays, and shrinks when pushed back", "[fetcher]") {
  struct Row {
    WidthState state;
    WidthSample sample;
    WidthState next;
  };
  constexpr WidthRange range{.least = 4, .most = 128};
  const auto row = GENERATE(values<Row>({
      // state {width, proven, best, rest}, sample {throughput, saturated, pushed back}, next
      {{32, 0, 0, 0}, {100, true, false}, {48, 32, 100, 0}},
      {{48, 32, 100, 0}, {150, true, false}, {72, 48, 150, 0}},
      {{100, 72, 100, 0}, {150, true, false}, {128, 100, 150, 0}},
      {{128, 100, 100, 0}, {150, true, false}, {128, 128, 150, 0}},
      {{128, 128, 100, 0}, {105, true, false}, {128, 0, 0, 8}},
      {{48, 32, 100, 0}, {105, true, false}, {32, 0, 0, 8}},
      {{48, 48, 100, 3}, {900, true, false}, {48, 48, 100, 2}},
      {{48, 32, 100, 0}, {900, false, false}, {48, 32, 100, 0}},
      {{48, 32, 100, 0}, {900, true, true}, {32, 0, 0, 20}},
      {{5, 4, 100, 7}, {900, false, true}, {4, 0, 0, 20}},
      {{1, 0, 0, 0}, {100, true, false}, {2, 1, 100, 0}},
      // a narrow link: down to what it feeds, but by a third at most
      {{9, 6, 100, 0}, {900, true, false, 8}, {8, 0, 0, 8}},
      {{9, 6, 100, 0}, {900, true, false, 2}, {6, 0, 0, 8}},
      {{5, 0, 0, 0}, {900, true, false, 1}, {4, 0, 0, 8}},
      {{5, 0, 0, 0}, {900, false, false, 1}, {5, 0, 0, 0}},
      {{5, 0, 0, 0}, {900, true, false, 6}, {7, 5, 900, 0}},
  }));
  CAPTURE(row.state.width, row.state.rest, row.sample.throughput);
  const WidthState next = next_width(row.state, row.sample, range);
  CHECK(next.width == row.next.width);
  CHECK(next.proven == row.next.proven);
  CHECK(next.best == Approx(row.next.best));
  CHECK(next.rest == row.next.rest);
}

TEST_CASE("bytes wait until they are within the rate", "[fetcher]") {
  using namespace std::chrono_literals;
  const auto now = RateLimiter::Time{} + 1h;
  RateLimiter limiter;
  CHECK(limiter.wait(1000, now) == 0s);
  limiter.took(500, 1000, now);
  CHECK(limiter.wait(1000, now) == 500ms);
  CHECK(limiter.wait(0, now) == 0s);  // the limit was taken away
  limiter.took(500, 1000, now);
  CHECK(limiter.wait(1000, now) == 1s);
  CHECK(limiter.wait(1000, now + 2s) == 0s);
  limiter.took(1000, 1000, now + 10s);  // what was not used is not saved up
  CHECK(limiter.wait(1000, now + 10s) == 1s);
  limiter.took(1'000'000, 0, now);
  CHECK(limiter.wait(1000, now + 11s) == 0s);
}

TEST_CASE("a token that was refused is asked for again, once for all", "[fetcher]") {
  int calls = 0;
  Authorization authorization([&](const std::string&, const std::string& refused) {
    ++calls;
    return std::optional(refused.empty() ? "one" : refused + "+");
  });
  CHECK(authorization.value("http://h/") == "one");
  CHECK(authorization.value("http://h/") == "one");
  CHECK(calls == 1);
  CHECK(authorization.renew("http://h/", "one"));
  CHECK(authorization.renew("http://h/", "one"));  // another request with the old one
  CHECK(authorization.value("http://h/") == "one+");
  CHECK(calls == 2);
  Authorization stubborn([](const auto&, const auto&) { return std::optional("same"); });
  CHECK(stubborn.value("u") == "same");
  CHECK_FALSE(stubborn.renew("u", "same"));
  CHECK_FALSE(Authorization({}).renew("u", ""));
}

TEST_CASE("what is no network is told from what is no server", "[fetcher]") {
  const Failure unreachable{.verdict = {ErrorKind::Network, Recovery::Perhaps}};
  const Failure busy{.verdict = {ErrorKind::Network, Recovery::Likely}, .status = 503};
  const Failure torn{.verdict = {ErrorKind::Network, Recovery::Likely}, .status = 200};
  const Failure broken{.verdict = {ErrorKind::Network, Recovery::Likely}, .status = 500};
  const Failure untrusted{.verdict = {ErrorKind::Network, Recovery::Never}};
  CHECK(is_offline(unreachable));
  for (const Failure& failure : {busy, torn, broken, untrusted}) CHECK_FALSE(is_offline(failure));
  const Failure silent{.verdict = unreachable.verdict, .of_host = true};
  for (const Failure& failure : {busy, torn, silent}) CHECK(is_pushback(failure));
  for (const Failure& failure : {unreachable, broken, untrusted}) CHECK_FALSE(is_pushback(failure));
}
