#pragma once

#include <string>

#include "base/os/fd.hpp"
#include "fetcher/request/exchange_report.hpp"

namespace xylem::pull {

/// A file with one JSON object a line for each request:
/// `{"time", "url", "status", "bytes", "offset", "seconds", "attempt", "mirror", "protocol",
/// "failure"}`; `time` is that of the day, in seconds since the epoch, at the end of the request.
/// One thread.
class TraceFile {
 public:
  /// Appends to what is there. Throws Error(Io).
  explicit TraceFile(const std::string& path);
  /// A line that cannot be written ends the trace, not the pull.
  void write(const fetcher::ExchangeReport& report) noexcept;

 private:
  UniqueFd file_;
};

/// Such a line, without the newline. Pure.
std::string trace_line(const fetcher::ExchangeReport& report, double time);

}  // namespace xylem::pull
