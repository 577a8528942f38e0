#include "cli/time/time_scanner.hpp"

#include <cctype>
#include <charconv>
#include <cstdint>

namespace xylem::cli {

namespace {

constexpr std::int64_t largest_number = 100'000'000;

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

void TimeScanner::skip_spaces() {
  const auto is_space = [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0 || c == ',';
  };
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
}

void TimeScanner::skip_fraction() {
  if (rest_.size() < 2 || rest_.front() != '.' || !is_digit(rest_[1])) return;
  rest_.remove_prefix(1);
  while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
}

bool TimeScanner::take_char(char wanted) {
  if (rest_.empty() || rest_.front() != wanted) return false;
  rest_.remove_prefix(1);
  return true;
}

void TimeScanner::skip_time_mark() {
  const bool marked = rest_.size() > 1 && (rest_.front() == 'T' || rest_.front() == 't');
  if (marked && is_digit(rest_[1])) rest_.remove_prefix(1);
}

std::optional<int> TimeScanner::take_number() {
  if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  if (error != std::errc() || value > largest_number) return std::nullopt;
  digits_ = static_cast<std::size_t>(end - rest_.data());
  rest_.remove_prefix(digits_);
  return static_cast<int>(value);
}

std::string TimeScanner::take_letters() {
  std::string word;
  while (!rest_.empty() && std::isalpha(static_cast<unsigned char>(rest_.front())) != 0) {
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(rest_.front())));
    rest_.remove_prefix(1);
  }
  return word;
}

}  // namespace xylem::cli
