#pragma once

/// \file
/// What a commit took from directories, as it was then: values.

#include <sys/stat.h>

#include <string>
#include <vector>

namespace xylem::tree {

/// A name in a directory, and what it was when it was committed.
struct SeenFile {
  std::string name;
  struct stat info {};
};

struct SeenDir {
  std::string name;  ///< Of a root: its path.
  struct stat info {};
  std::vector<SeenFile> files;
  std::vector<SeenDir> dirs;
};

}  // namespace xylem::tree
