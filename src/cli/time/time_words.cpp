#include "cli/time/time_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace xylem::cli {

namespace {

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};
constexpr std::array<std::pair<std::string_view, TimeUnit>, 10> units{{
    {"sec", {&std::tm::tm_sec, 1}},
    {"second", {&std::tm::tm_sec, 1}},
    {"min", {&std::tm::tm_min, 1}},
    {"minute", {&std::tm::tm_min, 1}},
    {"hour", {&std::tm::tm_hour, 1}},
    {"day", {&std::tm::tm_mday, 1}},
    {"week", {&std::tm::tm_mday, 7}},
    {"fortnight", {&std::tm::tm_mday, 14}},
    {"month", {&std::tm::tm_mon, 1}},
    {"year", {&std::tm::tm_year, 1}},
}};
constexpr std::array<std::pair<std::string_view, int>, 16> ordinals{{
    {"last", -1},
    {"this", 0},
    {"next", 1},
    {"a", 1},
    {"an", 1},
    {"first", 1},
    {"third", 3},
    {"fourth", 4},
    {"fifth", 5},
    {"sixth", 6},
    {"seventh", 7},
    {"eighth", 8},
    {"ninth", 9},
    {"tenth", 10},
    {"eleventh", 11},
    {"twelfth", 12},
}};

constexpr std::size_t short_name = 3;

/// A name of the list, or its first three letters.
template <std::size_t Count>
std::optional<int> find_name(const std::array<std::string_view, Count>& names,
                             std::string_view word) {
  for (std::size_t i = 0; i < Count; ++i)
    if (word == names[i] || word == names[i].substr(0, short_name)) return static_cast<int>(i);
  return std::nullopt;
}

template <typename Value, std::size_t Count>
std::optional<Value> find_value(const std::array<std::pair<std::string_view, Value>, Count>& values,
                                std::string_view word) {
  const auto found =
      std::ranges::find_if(values, [&](const auto& entry) { return entry.first == word; });
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<TimeUnit> find_unit(std::string_view word) {
  if (word.size() > 1 && word.ends_with('s')) word.remove_suffix(1);
  return find_value(units, word);
}

std::optional<int> find_month(std::string_view word) {
  return word == "sept" ? find_month("september") : find_name(months, word);
}

std::optional<int> find_weekday(std::string_view word) {
  return find_name(weekdays, word);
}

std::optional<int> find_ordinal(std::string_view word) {
  return find_value(ordinals, word);
}

}  // namespace xylem::cli
