#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"

namespace xylem::test {

/// An empty directory beneath $TMPDIR or /var/tmp (where extended attributes work), which is
/// removed with all that is in it.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  const std::string& path() const { return path_; }
  /// Path of a name inside.
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  FileDescriptor fd() const { return fd_; }
  PathAt at(std::string_view name) const { return {fd_, std::string(name)}; }

 private:
  std::string path_;
  UniqueFd fd_;
};

/// Makes or replaces a file; its directory must exist.
void write_file(const std::string& path, ByteView content, mode_t mode = 0644);
void write_file(const std::string& path, std::string_view content, mode_t mode = 0644);
Bytes read_file(const std::string& path);

}  // namespace xylem::test
