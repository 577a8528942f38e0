#pragma once

#include <optional>
#include <string>

#include "base/os/fd.hpp"

namespace xylem::cli {

/// A file that an option names for output. A regular file gets its name, and replaces what had it,
/// only when it is complete; a pipe or device is written to as it is.
class OutputFile {
 public:
  /// Throws Error(Io) that names the path.
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Removes what is not complete.
  ~OutputFile();

  FileDescriptor fd() const { return fd_; }
  void commit();

 private:
  const std::string path_;
  std::optional<std::string> temporary_;
  UniqueFd fd_;
};

}  // namespace xylem::cli
