#include "tree/read_file.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

constexpr int max_symlinks = 40;

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// Where a symlink at `path` leads; pure.
std::string follow(const std::string& path, const std::string& target) {
  std::string result = target.starts_with('/') ? "" : parent_of(path);
  const std::string steps = canonical_path(target);
  for (std::size_t start = 1; start < steps.size();) {
    const std::size_t end = std::min(steps.find('/', start), steps.size());
    const std::string name = steps.substr(start, end - start);
    if (name == "..")
      result = parent_of(result);
    else if (name != ".")
      result += "/" + name;
    start = end + 1;
  }
  return result.empty() ? "/" : result;
}

}  // namespace

repo::LoadedFile read_file(const repo::Repo& repo, const Checksum& commit,
                           const std::string& path) {
  std::string current = canonical_path(path);
  for (int i = 0; i < max_symlinks; ++i) {
    const Node node = require_path(repo, commit, current);
    const auto* file = std::get_if<FileNode>(&node);
    if (file == nullptr) throw Error(ErrorKind::InvalidArgument, "Can't open directory");
    repo::LoadedFile loaded = repo.load_file(file->checksum);
    if (!loaded.header.is_symlink()) return loaded;
    current = follow(current, loaded.header.symlink_target);
  }
  throw Error(ErrorKind::InvalidArgument, fmt::format("Too many symbolic links at {}", path));
}

}  // namespace xylem::tree
