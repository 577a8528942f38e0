#include "crash/workplace.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/directory.hpp"

namespace xylem::test {

Workplace::Workplace()
    : path_(std::string(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/var/tmp") +
            "/xylem-crash-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no directory " + path_);
}

Workplace::~Workplace() {
  try {
    remove_tree({FileDescriptor::cwd(), path_});
  } catch (const std::exception&) {
    // A left-over directory is no reason to fail a test.
  }
}

}  // namespace xylem::test
