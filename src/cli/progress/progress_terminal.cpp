#include "cli/progress/progress_terminal.hpp"

#include <fmt/format.h>
#include <cstdio>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "cli/frame/terminal.hpp"

namespace xylem::cli {

namespace {

/// To the start of the line, and clear it.
constexpr char clear_line[] = "\r\033[K";

void print_and_flush(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

void print_line(const std::string& text) {
  print_and_flush(fmt::format("{}{}\n", clear_line, text));
}

}  // namespace

void TerminalDisplay::on_progress(const PullProgress& progress) {
  if (dry_run_) return;
  // One column less: a cursor behind the last one makes some terminals wrap.
  const std::size_t columns = terminal_columns() - 1;
  const Pace pace = meter_.update(progress);
  const auto wait = waits_.update(progress);
  const std::string line =
      wait ? waiting_line(progress, *wait, columns) : progress_line(progress, pace, columns);
  print_and_flush(clear_line + fit(printable(line), columns));
}

/// The line of the pull goes on below it.
void TerminalDisplay::on_message(const PullMessage& message) {
  waits_.on_message(message);
  print_and_flush(clear_line);
  log_message(message);
}

void TerminalDisplay::finish(const PullResult& result) {
  print_line(dry_run_ ? dry_run_line(result) : final_line(result, terminal_columns() - 1));
}

void TerminalDisplay::fail(const std::exception&) {
  print_and_flush(clear_line);
}

}  // namespace xylem::cli
