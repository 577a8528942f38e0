#include "cli/text/progress_terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace xylem::cli {

namespace {

constexpr std::size_t default_columns = 80;
/// To the start of the line, and clear it.
constexpr char clear_line[] = "\r\033[K";

std::size_t columns_from_environment() {
  const char* text = std::getenv("COLUMNS");
  std::size_t columns = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), columns);
  return columns;
}

void print_and_flush(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

/// Older rates lose half of their weight in this time.
constexpr double half_life_seconds = 3;
/// Longer estimates say nothing.
constexpr double longest_estimate_seconds = 100 * 3600;

double blend(double old_rate, double new_rate, double seconds, bool first) {
  if (first) return new_rate;
  const double old_weight = std::exp2(-seconds / half_life_seconds);
  return old_rate * old_weight + new_rate * (1 - old_weight);
}

std::optional<std::chrono::seconds> time_for(double amount, double rate) {
  if (rate <= 0 || amount / rate > longest_estimate_seconds) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(amount / rate)));
}

}  // namespace

Pace PaceMeter::update(const PullProgress& progress) {
  const Sample now{std::chrono::duration<double>(progress.elapsed).count(),
                   static_cast<double>(progress.bytes_transferred),
                   static_cast<double>(progress.content_fetched)};
  const double seconds = now.seconds - last_.seconds;
  if (seconds > 0) {
    byte_rate_ = blend(byte_rate_, (now.bytes - last_.bytes) / seconds, seconds, !started_);
    object_rate_ = blend(object_rate_, (now.objects - last_.objects) / seconds, seconds, !started_);
    started_ = true;
    last_ = now;
  }
  Pace pace{static_cast<std::uint64_t>(byte_rate_), std::nullopt};
  if (progress.phase != PullProgress::Phase::Fetching) return pace;
  const double objects_left = static_cast<double>(progress.content_requested) - now.objects;
  const auto expected = static_cast<double>(progress.bytes_expected.value_or(0));
  // Metadata is in what came so far, so near the end this may be more than was expected.
  pace.time_left = expected > now.bytes ? time_for(expected - now.bytes, byte_rate_)
                                        : time_for(objects_left, object_rate_);
  return pace;
}

std::size_t terminal_columns() {
  if (const std::size_t columns = columns_from_environment(); columns > 0) return columns;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return default_columns;
}

void TerminalDisplay::on_progress(const PullProgress& progress) {
  if (dry_run_) return;
  const std::string line = progress_line(progress, meter_.update(progress));
  // One column less: a cursor behind the last one makes some terminals wrap.
  print_and_flush(clear_line + fit(line, terminal_columns() - 1));
}

void TerminalDisplay::on_message(const std::string& text) {
  print_and_flush(fmt::format("{}{}\n", clear_line, text));
}

void TerminalDisplay::finish(const PullResult& result) {
  on_message(dry_run_ ? dry_run_line(result) : final_line(result));
}

void TerminalDisplay::fail(const std::exception&) {
  print_and_flush(clear_line);
}

}  // namespace xylem::cli
