#include "cli/frame/out.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "base/printable.hpp"

namespace xylem::cli {

namespace {

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

bool is_for_a_terminal() {
  static const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  return terminal;
}

}  // namespace

void print_prose(std::string_view text) {
  put(printable_lines(text));
}

void print_names(std::string_view line, char end) {
  if (end != '\0' && is_for_a_terminal())
    put(printable(line));
  else
    put(line);
  std::fputc(end, stdout);
}

}  // namespace xylem::cli
