#pragma once

/// \file
/// Room `tree`: trees of commits and of directories, read side by side: walking, listing,
/// comparing, changing in memory. Knows nothing of networks.
///
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
  bool operator==(const DirNode&) const = default;
};
/// A file or symlink of a commit.
struct FileNode {
  Checksum checksum;
  bool operator==(const FileNode&) const = default;
};
using Node = std::variant<DirNode, FileNode>;

/// The root directory of a commit.
DirNode root_of(const object::Commit& commit);
DirNode root_of(const repo::Repo& repo, const Checksum& commit);

/// What `path` ("/usr/bin/env", with or without the first slash) is in the commit; nullopt if there
/// is no such thing. Symlinks are not followed; "." and ".." are names like any other, which no
/// commit has.
std::optional<Node> find_path(const repo::Repo& repo, const Checksum& commit,
                              std::string_view path);
/// As above; throws Error(NotFound) that names the path.
Node require_path(const repo::Repo& repo, const Checksum& commit, std::string_view path);

/// "/usr//bin/" → "/usr/bin".
std::string canonical_path(std::string_view path);
/// `parent` and a name in it, without doubling the slash of the root.
std::string child_path(std::string_view parent, std::string_view name);

/// Directories nest at most this deep: no path that the kernel takes is longer. It bounds the stack
/// of whoever walks a hostile commit.
constexpr unsigned max_depth = 2048;
/// Throws Error(Corrupt) that names the path past max_depth.
void check_depth(unsigned depth, std::string_view path);

}  // namespace xylem::tree
