#include "tree/walk.hpp"

#include <fmt/format.h>

#include "base/path.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

std::optional<Node> find_child(const object::DirTree& tree, std::string_view name) {
  if (const auto* file = object::find_entry(tree.files, name)) return FileNode{file->checksum};
  if (const auto* dir = object::find_entry(tree.dirs, name)) return DirNode{dir->tree, dir->meta};
  return std::nullopt;
}

/// Whether something above the end of `path` is a file.
bool leads_through_file(const repo::Repo& repo, const Checksum& commit, std::string_view path) {
  const std::string full = canonical_path(path);
  for (std::size_t slash = full.find('/', 1); slash != std::string::npos;
       slash = full.find('/', slash + 1)) {
    const auto node = find_path(repo, commit, full.substr(0, slash));
    if (!node || std::holds_alternative<FileNode>(*node)) return node.has_value();
  }
  return false;
}

}  // namespace

DirNode root_of(const object::Commit& commit) {
  return {commit.root_tree, commit.root_meta};
}

DirNode root_of(const repo::Repo& repo, const Checksum& commit) {
  return root_of(repo.load_commit(commit));
}

std::optional<Node> find_path(const repo::Repo& repo, const Checksum& commit,
                              std::string_view path) {
  Node node = root_of(repo, commit);
  for (const std::string_view name : path_components(path)) {
    const auto* dir = std::get_if<DirNode>(&node);
    if (dir == nullptr) return std::nullopt;
    const auto child = find_child(repo.load_dirtree(dir->tree), name);
    if (!child) return std::nullopt;
    node = *child;
  }
  return node;
}

Node require_path(const repo::Repo& repo, const Checksum& commit, std::string_view path) {
  if (auto node = find_path(repo, commit, path)) return *node;
  const bool in_file = leads_through_file(repo, commit, path);
  throw Error(ErrorKind::NotFound,
              fmt::format("{}: {}", in_file ? "Not a directory" : "No such file or directory",
                          canonical_path(path)));
}

std::string canonical_path(std::string_view path) {
  std::string result;
  for (const std::string_view name : path_components(path)) result.append("/").append(name);
  return result.empty() ? "/" : result;
}

std::string child_path(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

void check_depth(unsigned depth, std::string_view path) {
  if (depth > max_depth)
    throw Error(ErrorKind::Corrupt, fmt::format("Directories are nested more than {} deep at {}",
                                                max_depth, object::quoted(path)));
}

}  // namespace xylem::tree
