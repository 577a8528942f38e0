#include "cli/time/parse_time.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "cli/time/time_scanner.hpp"
#include "cli/time/time_sum.hpp"

namespace xylem::cli {

namespace {

// A text is parts in any order. Each take_ function reads one off the front and adds it to the sum,
// or returns false; then what it has read is given back. Parts are tried from the most to the least
// particular one, because "2026-11-21" begins with a number and "+0100" like a span.
class TimeGrammar {
 public:
  TimeGrammar(std::string_view text, std::time_t now) : text_(text), sum_(now) {}

  std::optional<std::int64_t> read() {
    text_.skip_spaces();
    if (text_.at_end()) return std::nullopt;
    for (; !text_.at_end(); text_.skip_spaces())
      if (!take_part()) return std::nullopt;
    return sum_.seconds();
  }

 private:
  bool take_part() {
    using Take = bool (TimeGrammar::*)();
    constexpr std::array<Take, 8> parts{&TimeGrammar::take_iso_date, &TimeGrammar::take_slash_date,
                                        &TimeGrammar::take_clock,    &TimeGrammar::take_offset,
                                        &TimeGrammar::take_span,     &TimeGrammar::take_day,
                                        &TimeGrammar::take_year,     &TimeGrammar::take_word};
    const std::string_view start = text_.mark();
    for (const Take take : parts) {
      if ((this->*take)()) return true;
      text_.reset(start);
    }
    return false;
  }

  /// Three numbers with `separator` between them.
  bool take_three(char separator, std::array<int, 3>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i > 0 && !text_.take_char(separator)) return false;
      const auto number = text_.take_number();
      if (!number) return false;
      numbers[i] = *number;
    }
    return true;
  }
  bool take_iso_date() {
    std::array<int, 3> numbers{};
    if (!take_three('-', numbers) || !sum_.set_date(numbers[0], numbers[1], numbers[2]))
      return false;
    text_.skip_time_mark();
    return true;
  }
  /// Month, day, year; if the first one is no day either: year, month, day.
  bool take_slash_date() {
    std::array<int, 3> numbers{};
    if (!take_three('/', numbers)) return false;
    return numbers[0] > 31 ? sum_.set_date(numbers[0], numbers[1], numbers[2])
                           : sum_.set_date(numbers[2], numbers[0], numbers[1]);
  }

  /// "8:28", "8:28:13.5", "8 pm".
  bool take_clock() {
    auto hour = text_.take_number();
    if (!hour) return false;
    const bool has_minutes = text_.take_char(':');
    const auto minute = has_minutes ? text_.take_number() : std::optional(0);
    const bool has_seconds = minute && has_minutes && text_.take_char(':');
    const auto second = has_seconds ? text_.take_number() : std::optional(0);
    if (!minute || !second) return false;
    if (has_seconds) text_.skip_fraction();
    const bool has_half = take_half_of_day(*hour);
    return (has_minutes || has_half) && sum_.set_clock(*hour, *minute, *second);
  }
  bool take_half_of_day(int& hour) {
    const std::string_view start = text_.mark();
    text_.skip_spaces();
    const std::string word = text_.take_letters();
    if ((word == "am" || word == "pm") && hour >= 1 && hour <= 12) {
      hour = hour % 12 + (word == "pm" ? 12 : 0);
      return true;
    }
    text_.reset(start);
    return false;
  }
  /// "+0100", "-05:30", "+01" behind a time.
  bool take_offset() {
    const int sign = take_sign();
    if (sign == 0 || !sum_.has_clock()) return false;
    const auto first = text_.take_number();
    if (!first || (text_.digits() != 2 && text_.digits() != 4)) return false;
    const bool together = text_.digits() == 4;
    const auto last = !together && text_.take_char(':') ? text_.take_number() : std::optional(0);
    if (!last) return false;
    const int hours = together ? *first / 100 : *first;
    const int minutes = together ? *first % 100 : *last;
    return !names_unit() && sum_.set_zone(sign * (hours * 60 + minutes) * 60);
  }
  /// 0 if there is none.
  int take_sign() {
    if (text_.take_char('+')) return 1;
    return text_.take_char('-') ? -1 : 0;
  }
  /// Whether a unit comes next: "12:00 +10 days" has no offset.
  bool names_unit() {
    const std::string_view start = text_.mark();
    text_.skip_spaces();
    const bool named = find_unit(text_.take_letters()).has_value();
    text_.reset(start);
    return named;
  }

  /// "3 days ago", "+1 week", "-2 hours".
  bool take_span() {
    const int sign = take_sign();
    const auto count = text_.take_number();
    text_.skip_spaces();
    const auto unit = find_unit(text_.take_letters());
    return count && unit && add_span(*unit, sign < 0 ? -*count : *count);
  }
  bool add_span(const TimeUnit& unit, int count) {
    const std::string_view start = text_.mark();
    text_.skip_spaces();
    if (text_.take_letters() == "ago") return sum_.add_span(unit, -count);
    text_.reset(start);
    return sum_.add_span(unit, count);
  }

  /// "25 October", "25-Oct-1985"; the year may come later.
  bool take_day() {
    const auto day = text_.take_number();
    if (!text_.take_char('-')) text_.skip_spaces();
    const auto month = find_month(text_.take_letters());
    if (!day || !month || !sum_.set_day(*month + 1, *day)) return false;
    text_.take_char('-');
    return true;
  }
  bool take_year() {
    const auto year = text_.take_number();
    return year && text_.digits() == 4 && sum_.set_year(*year);
  }

  bool take_word() {
    constexpr TimeUnit day{&std::tm::tm_mday, 1};
    const std::string word = text_.take_letters();
    if (word == "now" || word == "today") return true;
    if (word == "yesterday") return sum_.add_span(day, -1);
    if (word == "tomorrow") return sum_.add_span(day, 1);
    if (word == "noon") return sum_.set_clock(12, 0, 0);
    if (word == "midnight") return sum_.set_clock(0, 0, 0);
    if (word == "utc" || word == "gmt" || word == "z") return sum_.set_zone(0);
    if (const auto month = find_month(word)) return take_day_of(*month);
    if (const auto weekday = find_weekday(word)) return sum_.set_weekday(*weekday, 0);
    if (const auto ordinal = find_ordinal(word)) return take_counted(*ordinal);
    const auto unit = find_unit(word);
    return unit && add_span(*unit, 1);
  }
  /// "October 25".
  bool take_day_of(int month) {
    text_.skip_spaces();
    const auto day = text_.take_number();
    return day && sum_.set_day(month + 1, *day);
  }
  /// "next monday", "last week", "a year ago".
  bool take_counted(int count) {
    text_.skip_spaces();
    const std::string word = text_.take_letters();
    if (const auto weekday = find_weekday(word)) return sum_.set_weekday(*weekday, count);
    const auto unit = find_unit(word);
    return unit && add_span(*unit, count);
  }

  TimeScanner text_;
  TimeSum sum_;
};

/// "@SECONDS", perhaps with a fraction.
std::optional<std::int64_t> parse_epoch(std::string_view text) {
  TimeScanner scanner(text);
  scanner.skip_spaces();
  if (!scanner.take_char('@')) return std::nullopt;
  const std::string_view digits = scanner.mark();
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc()) return std::nullopt;
  scanner.reset(digits.substr(static_cast<std::size_t>(end - digits.data())));
  scanner.skip_fraction();
  scanner.skip_spaces();
  return scanner.at_end() ? std::optional(seconds) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_time(const std::string& text, std::time_t now) {
  if (auto seconds = parse_epoch(text)) return seconds;
  return TimeGrammar(text, now).read();
}

}  // namespace xylem::cli
