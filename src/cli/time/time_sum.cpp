#include "cli/time/time_sum.hpp"

#include <cstdlib>

namespace xylem::cli {

namespace {

constexpr int first_tm_year = 1900;
constexpr int days_a_week = 7;
constexpr int seconds_a_day = 24 * 60 * 60;
/// Nobody means more; sums stay far from the ends of an int.
constexpr std::int64_t longest_span = 100'000'000;

}  // namespace

TimeSum::TimeSum(std::time_t now) {
  ::localtime_r(&now, &date_);
}

bool TimeSum::set_date(int year, int month, int day) {
  if (!set_day(month, day)) return false;
  has_year_ = false;
  return set_year(year);
}

bool TimeSum::set_day(int month, int day) {
  if (has_date_ || month < 1 || month > 12 || day < 1 || day > 31) return false;
  date_.tm_mon = month - 1;
  date_.tm_mday = day;
  has_date_ = true;
  return true;
}

bool TimeSum::set_year(int year) {
  if (!has_date_ || has_year_) return false;
  date_.tm_year = year - first_tm_year;
  has_year_ = true;
  return true;
}

bool TimeSum::set_clock(int hour, int minute, int second) {
  if (has_clock_ || hour > 24 || minute > 59 || second > 60) return false;
  date_.tm_hour = hour;
  date_.tm_min = minute;
  date_.tm_sec = second;
  has_clock_ = true;
  return true;
}

bool TimeSum::set_zone(int seconds) {
  if (zone_ || std::abs(seconds) > seconds_a_day) return false;
  zone_ = seconds;
  return true;
}

bool TimeSum::set_weekday(int day, int ordinal) {
  if (weekday_) return false;
  weekday_ = day;
  ordinal_ = ordinal;
  return true;
}

bool TimeSum::add_span(const TimeUnit& unit, std::int64_t count) {
  const std::int64_t value = span_.*(unit.field) + count * unit.factor;
  if (value < -longest_span || value > longest_span) return false;
  span_.*(unit.field) = static_cast<int>(value);
  return true;
}

std::int64_t TimeSum::seconds() const {
  std::tm sum = date_;
  if ((has_date_ || weekday_) && !has_clock_) sum.tm_hour = sum.tm_min = sum.tm_sec = 0;
  if (weekday_ && !has_date_) {
    const int ahead = (*weekday_ - sum.tm_wday + days_a_week) % days_a_week;
    sum.tm_mday += ahead + (ordinal_ - (ordinal_ > 0 && ahead != 0 ? 1 : 0)) * days_a_week;
  }
  for (const auto field : {&std::tm::tm_year, &std::tm::tm_mon, &std::tm::tm_mday,
                           &std::tm::tm_hour, &std::tm::tm_min, &std::tm::tm_sec})
    sum.*field += span_.*field;
  sum.tm_isdst = -1;
  return zone_ ? ::timegm(&sum) - *zone_ : ::mktime(&sum);
}

}  // namespace xylem::cli
