#pragma once

#include <cstdint>
#include <ctime>
#include <optional>

#include "cli/time/time_words.hpp"

namespace xylem::cli {

/// The parts of a point in time, put together by the rules of `date`: what is not said is that of
/// now, but a date or a weekday without a time means midnight. Spans move the result, field by
/// field. Each part returns false if it makes no sense or was there before.
class TimeSum {
 public:
  explicit TimeSum(std::time_t now);

  bool set_date(int year, int month, int day);
  /// A day of this year, whose year may follow.
  bool set_day(int month, int day);
  bool set_year(int year);
  bool set_clock(int hour, int minute, int second);
  bool has_clock() const { return has_clock_; }
  /// Seconds east of UTC, at most a day.
  bool set_zone(int seconds);
  /// 0 is Sunday. `ordinal`: -1 last, 0 the one that comes, today included, 1 the next one, …
  bool set_weekday(int day, int ordinal);
  bool add_span(const TimeUnit& unit, std::int64_t count);

  /// Seconds since the epoch.
  std::int64_t seconds() const;

 private:
  std::tm date_{};
  std::tm span_{};
  std::optional<int> zone_;
  std::optional<int> weekday_;
  int ordinal_ = 0;
  bool has_date_ = false;
  bool has_year_ = false;
  bool has_clock_ = false;
};

}  // namespace xylem::cli
