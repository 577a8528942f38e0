#include "cli/commands/access_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <exception>

#include "base/os/os.hpp"
#include "base/printable.hpp"

namespace xylem::cli {

namespace {

UniqueFd open_log(const std::string& path) {
  if (path == "-") return os::duplicate(FileDescriptor(STDERR_FILENO));
  return os::open({FileDescriptor::cwd(), path}, O_WRONLY | O_APPEND | O_CREAT, 0644);
}

}  // namespace

AccessLog::AccessLog(const std::string& path) : file_(open_log(path)) {}

void AccessLog::write(const server::AccessRecord& record) noexcept {
  try {
    const std::string line =
        fmt::format("{:%Y-%m-%dT%H:%M:%SZ} {} \"{} {}\" {} {}\n", fmt::gmtime(std::time(nullptr)),
                    record.client, printable(record.method), printable(record.target),
                    record.status, record.size);
    os::write_all(file_, as_bytes(line));
  } catch (const std::exception&) {
    // Said in the header.
  }
}

}  // namespace xylem::cli
