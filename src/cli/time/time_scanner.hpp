#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace xylem::cli {

/// Reads a text about time from its front. What cannot be taken leaves the text alone. Pure.
class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  /// Where it is, to come back to.
  std::string_view mark() const { return rest_; }
  void reset(std::string_view mark) { rest_ = mark; }

  /// White space and commas.
  void skip_spaces();
  /// ".123": fractions of a second do not count.
  void skip_fraction();
  bool take_char(char wanted);
  /// The "t" between a date and a time.
  void skip_time_mark();
  /// Digits; nullopt as well for more than anybody means.
  std::optional<int> take_number();
  /// Of the last number.
  std::size_t digits() const { return digits_; }
  /// In lower case; may be empty.
  std::string take_letters();

 private:
  std::string_view rest_;
  std::size_t digits_ = 0;
};

}  // namespace xylem::cli
