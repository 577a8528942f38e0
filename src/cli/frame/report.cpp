#include "cli/frame/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "base/printable.hpp"
#include "cli/frame/copyable_hint.hpp"
#include "cli/frame/terminal.hpp"
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
  const std::string shown = in_locale(printable_message(text));
  const std::string line = shows_colours()
                               ? fmt::format("{}\033[1m{}\033[0m {}\n", colour, label, shown)
                               : fmt::format("{} {}\n", label, shown);
  std::fputs(line.c_str(), stderr);
}

void print_error(std::string_view text) {
  print_line("error:", text, "\033[31m");
}

void print_hint(const std::string& hint) {
  if (!hint.empty()) print_line("hint:", hint, "");
}

/// At most three lines, but for who expects the help of `ostree`.
int tell(const UsageError& error, bool as_ostree) {
  const UsageAdvice& advice = error.advice();
  if (as_ostree) std::fputs(advice.help.c_str(), stderr);
  if (!as_ostree && !advice.usage.empty())
    std::fputs((in_locale(advice.usage) + '\n').c_str(), stderr);
  print_error(error.what());
  if (!as_ostree) print_hint(advice.hint);
  return usage_failure;
}

int tell(const Error& error, const Globals& globals) {
  print_error(error.what());
  print_hint(copyable_hint(error.details().hint, globals.repo));
  return exit_code(error.kind());
}

int tell_and_choose_code(const Globals& globals) {
  try {
    throw;
  } catch (const UsageError& error) {
    return tell(error, globals.program == "ostree");
  } catch (const Error& error) {
    return tell(error, globals);
  } catch (const std::system_error&) {  // {fmt}'s, which throws no other
    return tell(Error(ErrorKind::Io, "Writing to standard output failed"), globals);
  } catch (const std::exception& error) {
    print_error(error.what());
    return failure;
  }
}

}  // namespace

int report_current_exception(const Globals& globals) {
  const int code = tell_and_choose_code(globals);
  return globals.program == "ostree" ? failure : code;
}

}  // namespace xylem::cli
