// Applies the parts of a delta to a repository, in a process of its own, and prints how much memory
// it took at most, in KiB.
//
//   apply-parts REPOSITORY DELTA_DIRECTORY

#include <cstdio>
#include <fstream>
#include <string>

#include "delta/apply_delta.hpp"

namespace {

/// Of this program alone: what getrusage() says counts what the process was before it.
std::string peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return line.substr(line.find_first_of("0123456789"));
  return "unknown";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    xylem::test::apply_parts(argv[1], argv[2]);
    std::printf("%s\n", peak_memory().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
