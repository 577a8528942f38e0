#include "crash/workplace.hpp"

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::test {

namespace {

std::string make_directory(const std::string& parent) {
  std::string path = parent + "/xylem-crash-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory " + path);
  return path;
}

/// Which memory has from Linux 6.6 on.
bool has_xattrs(const std::string& path) {
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), path});
  return os::try_set_xattr(dir, "user.test", as_bytes("1"));
}

std::string make_workplace() {
  if (::access("/dev/shm", W_OK) == 0) {
    std::string path = make_directory("/dev/shm");
    if (has_xattrs(path)) return path;
    os::remove_dir({FileDescriptor::cwd(), path});
  }
  return make_directory("/var/tmp");
}

}  // namespace

Workplace::Workplace() : path_(make_workplace()) {}

Workplace::~Workplace() {
  try {
    remove_tree({FileDescriptor::cwd(), path_});
  } catch (const std::exception&) {
    // A left-over directory is no reason to fail a test.
  }
}

}  // namespace xylem::test
