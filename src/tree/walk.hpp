#pragma once

/// \file
/// Looking into a commit without checking it out.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "repo/repo.hpp"

namespace xylem::tree {

/// A directory of a commit.
struct DirNode {
  Checksum tree;
  Checksum meta;
};
/// A file or symlink of a commit.
struct FileNode {
  Checksum checksum;
};
using Node = std::variant<DirNode, FileNode>;

/// What `path` ("/usr/bin/env") is in the commit; nullopt if there is no such thing. Symlinks are
/// not followed.
std::optional<Node> find_path(const repo::Repo& repo, const Checksum& commit,
                              std::string_view path);

}  // namespace xylem::tree
