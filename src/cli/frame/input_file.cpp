#include "cli/frame/input_file.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/os/os.hpp"
#include "base/stream.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

constexpr std::uint64_t limit = 64ULL * 1024 * 1024;

/// Reads from the file position on, as pipes want it.
class PipeSource : public ByteSource {
 public:
  explicit PipeSource(FileDescriptor fd) : fd_(fd) {}
  std::size_t read(MutableByteView buffer) override { return os::read_some(fd_, buffer); }

 private:
  FileDescriptor fd_;
};

std::string read_text(FileDescriptor fd) {
  PipeSource source(fd);
  const Bytes bytes = read_all(source, limit);
  return std::string(as_text(bytes));
}

}  // namespace

std::string read_input_file(const std::string& path) {
  return read_text(os::open({FileDescriptor::cwd(), path}, O_RDONLY));
}

std::string read_standard_input() {
  return read_text(FileDescriptor(STDIN_FILENO));
}

std::vector<std::string> read_lines(const std::string& path) {
  const std::string text = read_input_file(path);
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

}  // namespace xylem::cli
