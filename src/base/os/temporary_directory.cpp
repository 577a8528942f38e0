#include "base/os/temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"

namespace xylem {

TemporaryDirectory::TemporaryDirectory(const std::string& prefix) {
  const char* parent = std::getenv("TMPDIR");
  path_ = parent != nullptr && *parent == '/' ? parent : "/tmp";
  path_ += "/" + prefix + "XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) os::fail(errno, "make", path_);
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory::~TemporaryDirectory() {
  if (path_.empty()) return;
  try {
    remove_tree({FileDescriptor::cwd(), path_});
  } catch (const std::exception& error) {
    log_warning("{}", error.what());
  }
}

}  // namespace xylem
