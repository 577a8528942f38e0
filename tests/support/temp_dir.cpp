#include "support/temp_dir.hpp"

#include <cstdlib>
#include <stdexcept>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::test {

namespace {

std::string make_directory() {
  const char* parent = std::getenv("TMPDIR");
  std::string path = std::string(parent == nullptr ? "/var/tmp" : parent) + "/xylem-test-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp failed for " + path);
  return path;
}

}  // namespace

TempDir::TempDir() : path_(make_directory()), fd_(os::open_dir({FileDescriptor::cwd(), path_})) {}

TempDir::~TempDir() {
  try {
    remove_tree({FileDescriptor::cwd(), path_});
  } catch (const std::exception&) {
    // A left-over directory is no reason to fail a test.
  }
}

void write_file(const std::string& path, ByteView content, mode_t mode) {
  const UniqueFd fd =
      os::open({FileDescriptor::cwd(), path}, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);
  os::write_all(fd, content);
  os::set_mode(fd, mode);
}

void write_file(const std::string& path, std::string_view content, mode_t mode) {
  write_file(path, as_bytes(content), mode);
}

Bytes read_file(const std::string& path) {
  constexpr std::uint64_t limit = 1ULL << 30;
  return os::read_file(os::open({FileDescriptor::cwd(), path}, O_RDONLY), limit);
}

}  // namespace xylem::test
