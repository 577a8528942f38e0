#include "cli/text/progress_terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"

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

void print_line(const std::string& text) {
  print_and_flush(fmt::format("{}{}\n", clear_line, text));
}

}  // namespace

std::size_t terminal_columns() {
  if (const std::size_t columns = columns_from_environment(); columns > 0) return columns;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return default_columns;
}

void TerminalDisplay::on_progress(const PullProgress& progress) {
  if (dry_run_) return;
  // One column less: a cursor behind the last one makes some terminals wrap.
  const std::size_t columns = terminal_columns() - 1;
  const std::string line = progress_line(progress, meter_.update(progress), columns);
  print_and_flush(clear_line + fit(line, columns));
}

/// The line of the pull goes on below it.
void TerminalDisplay::on_message(const PullMessage& message) {
  print_and_flush(clear_line);
  log_message(message);
}

void TerminalDisplay::finish(const PullResult& result) {
  print_line(dry_run_ ? dry_run_line(result) : final_line(result));
}

void TerminalDisplay::fail(const std::exception&) {
  print_and_flush(clear_line);
}

}  // namespace xylem::cli
