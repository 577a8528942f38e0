#pragma once

/// \file
/// Diagnostics for people: lines on standard error. Off but for warnings unless asked for.

#include <fmt/format.h>

#include <string_view>

namespace xylem {

enum class LogLevel { Warning, Info, Debug };

/// What is printed from now on, in the whole process. Thread-safe.
void set_log_level(LogLevel level) noexcept;
bool log_enabled(LogLevel level) noexcept;
void log_line(LogLevel level, std::string_view text);

template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(LogLevel::Info))
    log_line(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(LogLevel::Debug))
    log_line(LogLevel::Debug, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace xylem
