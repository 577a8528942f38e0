#pragma once

/// \file
/// How often a repository is opened.

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

#include "base/os/os_observer.hpp"

namespace xylem::test {

/// Counts how often the configuration of one repository is opened, which each open of the
/// repository does once.
class ConfigCounter : public os::Observer {
 public:
  explicit ConfigCounter(const std::string& repo) : repo_(std::filesystem::canonical(repo)) {}

  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Open && call.path->name == "config" &&
        directory_of(*call.path) == repo_)
      ++opens_;
    return real();
  }
  int opens() const { return opens_; }

 private:
  static std::filesystem::path directory_of(const PathAt& path) {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(path.dir.get()),
                                         ignored);
  }

  const std::filesystem::path repo_;
  std::atomic<int> opens_ = 0;
};

}  // namespace xylem::test
