#pragma once

/// \file
/// "You asked wrongly", as opposed to "it did not work".

#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

namespace xylem::cli {

/// Reported with the help of the command before the message, if there is one.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message, std::string help = {})
      : std::runtime_error(message), help_(std::move(help)) {}
  const std::string& help() const { return help_; }

 private:
  std::string help_;
};

/// Throws a UsageError that shows how `command` is used.
[[noreturn]] void usage_error(const CLI::App& command, const std::string& message);

}  // namespace xylem::cli
