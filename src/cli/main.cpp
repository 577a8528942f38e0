#include <sys/resource.h>

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

}  // namespace

int main(int argc, char** argv) {
  raise_limit_of_open_files();
  return xylem::cli::run(std::vector<std::string>(argv, argv + argc));
}
