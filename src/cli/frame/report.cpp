#include "cli/frame/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/printable.hpp"
#include "cli/frame/usage_error.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

constexpr int failure = 1;
constexpr int usage_failure = 2;

/// https://no-color.org, and terminals that know no sequences.
bool shows_colours() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         terminal != nullptr && std::string_view(terminal) != "dumb";
}

/// "error:" or "hint:", in bold on a terminal. Where standard error cannot be written to, nobody
/// can be told: the exit code stays what it is.
void print_line(std::string_view label, std::string_view text, std::string_view colour) {
  std::fflush(stdout);
  const std::string shown = printable_message(text);
  const std::string line = shows_colours()
                               ? fmt::format("{}\033[1m{}\033[0m {}\n", colour, label, shown)
                               : fmt::format("{} {}\n", label, shown);
  std::fputs(line.c_str(), stderr);
}

void print_error(std::string_view text) {
  print_line("error:", text, "\033[31m");
}

int tell(const UsageError& error) {
  std::fputs(error.help().c_str(), stderr);
  print_error(error.what());
  return usage_failure;
}

int tell(const Error& error) {
  print_error(error.what());
  if (!error.details().hint.empty()) print_line("hint:", error.details().hint, "");
  return exit_code(error.kind());
}

int tell_and_choose_code() {
  try {
    throw;
  } catch (const UsageError& error) {
    return tell(error);
  } catch (const Error& error) {
    return tell(error);
  } catch (const std::exception& error) {
    print_error(error.what());
    return failure;
  }
}

}  // namespace

int report_current_exception(const std::string& program) {
  const int code = tell_and_choose_code();
  return program == "ostree" ? failure : code;
}

}  // namespace xylem::cli
