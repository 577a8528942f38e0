#pragma once

/// \file
/// Walking and removing directories.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/fd.hpp"

namespace xylem {

struct DirEntry {
  std::string name;
  unsigned char type = 0;  ///< DT_REG, DT_DIR, DT_LNK, … never DT_UNKNOWN.
};

/// All entries but "." and "..", in the order of the file system.
std::vector<DirEntry> list_directory(FileDescriptor dir);

/// Calls for each name but "." and "..", in the order of the file system, until `visit` returns
/// false. Needs no memory for the names.
void visit_names(FileDescriptor dir, const std::function<bool(std::string_view)>& visit);

/// Removes a file or a whole tree. What vanishes meanwhile is fine; false if nothing was there.
/// Carries on past entries that cannot be removed, then throws one Error that names them all.
bool remove_tree(const PathAt& path);

}  // namespace xylem
