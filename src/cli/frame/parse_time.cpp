#include "cli/frame/parse_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

namespace xylem::cli {

namespace {

/// What is left to read of a text; each take_ function leaves it alone when it returns false.
struct Reader {
  const char* rest;

  void skip_spaces() {
    while (std::isspace(static_cast<unsigned char>(*rest)) != 0 || *rest == ',') ++rest;
  }
  bool at_end() {
    skip_spaces();
    return *rest == '\0';
  }
  bool take(const char* format, std::tm& time) {
    skip_spaces();
    std::tm copy = time;
    const char* end = ::strptime(rest, format, &copy);
    if (end == nullptr) return false;
    rest = end;
    time = copy;
    return true;
  }
  bool take_any(std::initializer_list<const char*> formats, std::tm& time) {
    return std::any_of(formats.begin(), formats.end(),
                       [&](const char* format) { return take(format, time); });
  }
  bool take_number(std::int64_t& number) {
    skip_spaces();
    const std::string_view text(rest);
    const std::size_t sign = text.starts_with('+') ? 1 : 0;
    const auto [end, error] =
        std::from_chars(text.data() + sign, text.data() + text.size(), number);
    if (error != std::errc()) return false;
    rest = end;
    return true;
  }
  std::string take_word() {
    skip_spaces();
    std::string word;
    for (; std::isalpha(static_cast<unsigned char>(*rest)) != 0; ++rest)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(*rest)));
    return word;
  }
  /// ".123": fractions of a second do not count.
  void skip_fraction() {
    if (*rest != '.' && *rest != ',') return;
    const char* end = rest + 1;
    while (std::isdigit(static_cast<unsigned char>(*end)) != 0) ++end;
    if (end > rest + 1) rest = end;
  }
};

bool take_clock(Reader& reader, std::tm& time) {
  if (*reader.rest == 'T' || *reader.rest == 't') ++reader.rest;
  if (reader.take("%H:%M:%S", time)) {
    reader.skip_fraction();
    return true;
  }
  return reader.take("%H:%M", time);
}

bool take_zone(Reader& reader, std::tm& time) {
  if (!reader.take_any({"UTC", "GMT", "utc", "gmt", "Z", "z"}, time))
    return reader.take("%z", time);
  time.tm_gmtoff = 0;
  return true;
}

std::int64_t to_seconds(std::tm time, bool has_zone) {
  const long offset = time.tm_gmtoff;
  time.tm_isdst = -1;
  return has_zone ? ::timegm(&time) - offset : ::mktime(&time);
}

/// "@SECONDS", perhaps with a fraction.
std::optional<std::int64_t> parse_epoch(const std::string& text) {
  Reader reader{text.c_str()};
  reader.skip_spaces();
  std::int64_t seconds = 0;
  if (*reader.rest++ != '@' || !reader.take_number(seconds)) return std::nullopt;
  reader.skip_fraction();
  return reader.at_end() ? std::optional(seconds) : std::nullopt;
}

std::optional<std::int64_t> parse_calendar(const std::string& text) {
  Reader reader{text.c_str()};
  std::tm time{};
  // `date` prints the year behind the time.
  const bool year_last = reader.take("%a %b %d %H:%M:%S", time);
  if (!year_last &&
      !reader.take_any({"%Y-%m-%d", "%m/%d/%Y", "%a, %d %b %Y", "%a %d %b %Y", "%d %b %Y"}, time))
    return std::nullopt;
  const bool has_clock = year_last || take_clock(reader, time);
  const bool has_zone = has_clock && take_zone(reader, time);
  if (year_last && !reader.take("%Y", time)) return std::nullopt;
  if (!reader.at_end()) return std::nullopt;
  return to_seconds(time, has_zone);
}

struct Unit {
  std::string_view name;
  int std::tm::*field;
  int factor;
};
constexpr std::array units{
    Unit{"sec", &std::tm::tm_sec, 1},   Unit{"second", &std::tm::tm_sec, 1},
    Unit{"min", &std::tm::tm_min, 1},   Unit{"minute", &std::tm::tm_min, 1},
    Unit{"hour", &std::tm::tm_hour, 1}, Unit{"day", &std::tm::tm_mday, 1},
    Unit{"week", &std::tm::tm_mday, 7}, Unit{"fortnight", &std::tm::tm_mday, 14},
    Unit{"month", &std::tm::tm_mon, 1}, Unit{"year", &std::tm::tm_year, 1},
};

std::optional<std::int64_t> shifted(std::time_t now, const Unit& unit, std::int64_t count) {
  constexpr std::int64_t most = 1'000'000'000;
  if (count < -most || count > most) return std::nullopt;
  std::tm time{};
  ::localtime_r(&now, &time);
  std::int64_t value = time.*(unit.field) + count * unit.factor;
  if (value < -most || value > most) return std::nullopt;
  time.*(unit.field) = static_cast<int>(value);
  return to_seconds(time, false);
}

/// "3 days ago", "+1 week", "2 hours".
std::optional<std::int64_t> parse_span(const std::string& text, std::time_t now) {
  Reader reader{text.c_str()};
  std::int64_t count = 0;
  if (!reader.take_number(count)) return std::nullopt;
  std::string word = reader.take_word();
  if (word.size() > 1 && word.ends_with('s')) word.pop_back();
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& candidate) { return candidate.name == word; });
  const bool ago = reader.take_word() == "ago";
  if (unit == units.end() || !reader.at_end()) return std::nullopt;
  return shifted(now, *unit, ago ? -count : count);
}

std::optional<std::int64_t> parse_name(const std::string& text, std::time_t now) {
  Reader reader{text.c_str()};
  const std::string word = reader.take_word();
  if (!reader.at_end()) return std::nullopt;
  const Unit day{"day", &std::tm::tm_mday, 1};
  if (word == "now" || word == "today") return now;
  if (word == "yesterday") return shifted(now, day, -1);
  if (word == "tomorrow") return shifted(now, day, 1);
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_time(const std::string& text, std::time_t now) {
  if (auto seconds = parse_epoch(text)) return seconds;
  if (auto seconds = parse_calendar(text)) return seconds;
  if (auto seconds = parse_name(text, now)) return seconds;
  return parse_span(text, now);
}

}  // namespace xylem::cli
