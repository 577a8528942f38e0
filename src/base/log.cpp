#include "base/log.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>

#include "base/printable.hpp"
#include "xylem/log.hpp"

namespace xylem {

namespace {

std::atomic<LogLevel> current_level{LogLevel::Warning};

/// Who takes the lines in place of standard error.
struct LogReceiver {
  std::mutex mutex;  ///< Protects the next.
  LogFunction function;
};

/// Never destroyed: threads may log until the very end.
LogReceiver& log_receiver() {
  static auto* receiver = new LogReceiver;
  return *receiver;
}

/// False if nobody takes it.
bool hand_over(LogLevel level, std::string_view text) {
  LogReceiver& receiver = log_receiver();
  const std::lock_guard lock(receiver.mutex);
  if (!receiver.function) return false;
  receiver.function(static_cast<LogSeverity>(level), text);
  return true;
}

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

void set_log_function(LogFunction function, LogSeverity least) {
  LogReceiver& receiver = log_receiver();
  const std::lock_guard lock(receiver.mutex);
  receiver.function = std::move(function);
  current_level = static_cast<LogLevel>(least);
}

void log_line(LogLevel level, std::string_view text) {
  if (!log_enabled(level) || hand_over(level, text)) return;
  // One write a line, so that lines of parallel pulls do not mix.
  const std::string line = fmt::format("{}: {}\n", label(level), printable_message(text));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace xylem
