#pragma once

#include <string>

#include "base/os/fd.hpp"
#include "server/static_server.hpp"

namespace xylem::cli {

/// Appends a line for each request: time, client, "method target", status, bytes.
class AccessLog {
 public:
  /// Opens `path`, or makes it; "-" is standard error.
  explicit AccessLog(const std::string& path);
  /// A log that cannot be written to does not stop the server.
  void write(const server::AccessRecord& record) noexcept;

 private:
  UniqueFd file_;
};

}  // namespace xylem::cli
