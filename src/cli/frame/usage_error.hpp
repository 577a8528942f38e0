#pragma once

/// \file
/// "You asked wrongly", as opposed to "it did not work".

#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

namespace xylem::cli {

/// What helps to ask better.
struct UsageAdvice {
  std::string help{};   ///< Of the command: shown before the message when called as `ostree`.
  std::string usage{};  ///< Otherwise: one line of it.
  std::string hint{};
};

/// Reported with its advice.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message, UsageAdvice advice = {})
      : std::runtime_error(message), advice_(std::move(advice)) {}
  const UsageAdvice& advice() const { return advice_; }

 private:
  UsageAdvice advice_;
};

/// Throws a UsageError that shows how `command` is used.
[[noreturn]] void usage_error(const CLI::App& command, const std::string& message);
/// The same, with a hint of its own unless that is empty.
[[noreturn]] void usage_error(const CLI::App& command, const std::string& message,
                              const std::string& hint);

}  // namespace xylem::cli
