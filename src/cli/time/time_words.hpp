#pragma once

/// \file
/// English words of dates. Pure; all words are in lower case.

#include <ctime>
#include <optional>
#include <string_view>

namespace xylem::cli {

/// A unit of time as a field of a date and how many of it.
struct TimeUnit {
  int std::tm::*field;
  int factor;
};
/// "day", "days", "fortnight", …
std::optional<TimeUnit> find_unit(std::string_view word);
/// 0 for "jan" and "january" to 11; "sept" as well.
std::optional<int> find_month(std::string_view word);
/// 0 for "sun" and "sunday" to 6.
std::optional<int> find_weekday(std::string_view word);
/// How many "last" (-1), "this" (0), "next", "a", "an", "first" (1) to "twelfth" mean. Not
/// "second", which is a unit.
std::optional<int> find_ordinal(std::string_view word);

}  // namespace xylem::cli
