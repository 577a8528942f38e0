#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/run.hpp"

namespace {

/// Each level of a deep tree holds a directory open. The usual soft limit of 1024 is for programs
/// that call select().
void raise_limit_of_open_files() {
  constexpr rlim_t enough = 65536;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= enough) return;
  limit.rlim_cur = std::min(limit.rlim_max, enough);
  setrlimit(RLIMIT_NOFILE, &limit);  // Where it stays low, whoever meets it says so.
}

/// A standard stream that is closed gets its number from the next file that we open, which would
/// then be read or written in its place. /dev/null, opened the wrong way round, keeps the number
/// and fails each use, as the closed stream would.
void occupy_closed_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // The lowest free number, so `stream`.
    if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_streams();
  raise_limit_of_open_files();
  return xylem::cli::run(std::vector<std::string>(argv, argv + argc));
}
