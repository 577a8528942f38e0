#pragma once

#include <optional>

#include "base/os/fd.hpp"

namespace xylem::tree {

/// A regular file that nobody can see before it gets its name; only its owner may open it. Where
/// the file system has no nameless files it has a temporary name, which the destructor removes.
class NewFile {
 public:
  explicit NewFile(FileDescriptor dir);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  FileDescriptor fd() const { return fd_; }
  /// False if the name is taken. May be called again with another name.
  bool link(const PathAt& path) const;

 private:
  UniqueFd fd_;
  std::optional<PathAt> temporary_;
};

}  // namespace xylem::tree
