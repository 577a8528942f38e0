// How a busy server, a slow link and a dead connection are told, and what is done about them.

#include <catch2/catch.hpp>

#include "fetcher/download/range_choice.hpp"
#include "fetcher/policy/connect_times.hpp"
#include "fetcher/policy/host_load.hpp"
#include "fetcher/policy/slowness.hpp"
#include "fetcher/policy/width.hpp"

using namespace xylem::fetcher;
using namespace std::chrono_literals;

namespace {

constexpr auto start = HostLoad::Time{} + 1h;

}  // namespace

TEST_CASE("a server that turns requests away is paused, longer and longer", "[fetcher]") {
  HostLoad load;
  CHECK(load.take_turn(start) == 0s);
  CHECK(load.turned_away(start, start + 10ms, false, 0));
  CHECK(load.refusals() == 1);
  CHECK(load.wait(start + 10ms) == short_pause);
  // The others that went with it are no news.
  CHECK_FALSE(load.turned_away(start, start + 11ms, false, 0));
  CHECK(load.refusals() == 1);
  CHECK(load.turned_away(start + 1s, start + 1s, false, 0.999));
  CHECK(load.wait(start + 1s) > 490ms);
  CHECK(load.turned_away(start + 2s, start + 2s, false, 0));
  CHECK(load.wait(start + 2s) == 500ms);  // half of a second is certain
  for (int i = 3; i < 30; ++i) load.turned_away(start + i * 1min, start + i * 1min, false, 0.999);
  CHECK(load.wait(start + 29min) <= longest_pause);
  load.succeeded();
  CHECK(load.refusals() == 0);
}

TEST_CASE("requests to a server that takes few keep a distance, if fewer at once is no help",
          "[fetcher]") {
  HostLoad load;
  CHECK(load.turned_away(start, start, true, 0));
  const auto later = start + 1s;
  CHECK(load.take_turn(later) == 0s);
  CHECK(load.take_turn(later) == first_distance);
  CHECK(load.take_turn(later) == 2 * first_distance);
  // One that is down does not get farther apart: it is paused.
  CHECK(load.turned_away(later, later, true, 0));
  CHECK(load.take_turn(later + 1h) == 0s);
  CHECK(load.take_turn(later + 1h) == first_distance);
  for (int i = 0; i < 200; ++i) load.succeeded();
  CHECK(load.take_turn(later + 2h) == 0s);
  CHECK(load.take_turn(later + 2h) == 0s);
}

TEST_CASE("all transfers of a server are slow together, or not", "[fetcher]") {
  SpeedWindow window(30s);
  CHECK_FALSE(window.full(start));
  window.note(0, start);
  for (int second = 1; second <= 40; ++second) window.note(12'000U * second, start + second * 1s);
  CHECK(window.full(start + 40s));
  CHECK(window.bytes() == 30 * 12'000);
  // 32 requests on a link of 12 kB a second get 375 bytes each: none of them is slow or dead.
  const HostSpeed narrow{window.bytes(), 32, 30s};
  CHECK_FALSE(is_slow(narrow, 1000));
  CHECK_FALSE(is_dead(narrow, 0));
  CHECK(is_slow(narrow, 12'001));
  CHECK_FALSE(is_slow({0, 1, 30s}, 0));
  CHECK(is_slow({0, 1, 30s}, 1));
  // Of four requests each could have 3 kB a second: one without a byte is dead.
  CHECK(is_dead({window.bytes(), 4, 30s}, 0));
  CHECK_FALSE(is_dead({window.bytes(), 4, 30s}, 1));
  window.reset();
  CHECK_FALSE(window.full(start + 41s));
}

TEST_CASE("a connection that had to ask twice is late", "[fetcher]") {
  ConnectTimes times;
  CHECK_FALSE(times.note(2s));  // everything is far away
  CHECK_FALSE(times.note(1s));
  CHECK_FALSE(times.note(1ms));
  CHECK(times.note(1001ms));
  CHECK_FALSE(times.note(900ms));
}

TEST_CASE("the width grows with rounds of requests, and follows a narrow link", "[fetcher]") {
  const auto range = width_range(0, false);
  SECTION("a fast link") {
    WidthControl control(8, range);
    auto now = start;
    for (std::uint64_t done = 0; done < 200; ++done)
      control.finished(done * 10'000, true, now += 800ms / control.width());
    CHECK(control.width() > 30);
  }
  SECTION("a narrow link") {
    WidthControl control(8, range);
    for (int second = 0; second < 100; ++second) {
      control.passed(12'000U * second, true, start + second * 1s);
      CHECK(control.width() <= 12);
    }
    CHECK(control.width() <= 9);
  }
  SECTION("a server that closes each connection") {
    WidthControl control(8, range);
    control.slow_down(closing_width(0));
    CHECK(control.width() == 5);
    auto now = start;
    for (std::uint64_t done = 0; done < 8; ++done)
      control.finished(done * 10'000, true, now += 20ms);
    CHECK(control.width() == 6);
    control.slow_down(closing_width(0));
    CHECK(control.width() == 6);
  }
  SECTION("refusals of one moment count once") {
    WidthControl control(9, range);
    control.pushed_back(start);
    control.pushed_back(start + 1ms);
    CHECK(control.width() == 6);
    for (int i = 1; i < 9; ++i) control.pushed_back(start + i * 1s);
    CHECK(control.narrowest());
  }
}

TEST_CASE("a range is given up where it is not liked, and before the last try", "[fetcher]") {
  RangeChoice choice;
  choice.asks(true);
  choice.turned_down();
  CHECK(choice.extent() == Extent::Whole);
  choice.asks(false);
  choice.failed(false, false, false);
  CHECK(choice.extent() == Extent::Rest);
  choice.asks(true);
  choice.failed(false, false, false);
  CHECK(choice.extent() == Extent::Rest);
  choice.failed(false, false, false);
  CHECK(choice.extent() == Extent::Whole);
  choice.asks(true);
  choice.failed(true, false, false);  // it got further
  CHECK(choice.extent() == Extent::Rest);
  for (int i = 0; i < 5; ++i) choice.failed(false, true, false);
  CHECK(choice.extent() == Extent::Rest);
  choice.failed(false, true, true);
  CHECK(choice.extent() == Extent::Whole);
}
