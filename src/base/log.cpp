#include "base/log.hpp"

#include <atomic>
#include <cstdio>

#include "base/printable.hpp"

namespace xylem {

namespace {

std::atomic<LogLevel> current_level{LogLevel::Warning};

constexpr std::string_view label(LogLevel level) {
  switch (level) {
    case LogLevel::Warning:
      return "warning";
    case LogLevel::Info:
      return "info";
    case LogLevel::Debug:
      return "debug";
  }
  return "";
}

}  // namespace

void set_log_level(LogLevel level) noexcept {
  current_level = level;
}

bool log_enabled(LogLevel level) noexcept {
  return level <= current_level;
}

void log_line(LogLevel level, std::string_view text) {
  if (!log_enabled(level)) return;
  // One write a line, so that lines of parallel pulls do not mix.
  const std::string line = fmt::format("{}: {}\n", label(level), printable_message(text));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace xylem
