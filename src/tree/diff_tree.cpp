#include "tree/diff_tree.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

using Entry = DiffTree::Entry;

std::vector<Entry> sorted(std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.is_dir != b.is_dir ? b.is_dir : a.name < b.name;
  });
  return entries;
}

class CommitTree : public DiffTree {
 public:
  CommitTree(const repo::Repo& repo, std::string path, const Checksum& tree)
      : repo_(repo), path_(std::move(path)), checksum_(tree) {
    const object::DirTree contents = repo.load_dirtree(tree);
    for (const auto& file : contents.files) nodes_[file.name] = FileNode{file.checksum};
    for (const auto& dir : contents.dirs) nodes_[dir.name] = DirNode{dir.tree, dir.meta};
  }

  std::vector<Entry> entries() const override {
    std::vector<Entry> result;
    for (const auto& [name, node] : nodes_) result.push_back({name, is_dir(node)});
    return sorted(std::move(result));
  }
  std::optional<Entry> find(const std::string& name) const override {
    const auto found = nodes_.find(name);
    if (found == nodes_.end()) return std::nullopt;
    return Entry{name, is_dir(found->second)};
  }
  Checksum checksum(const Entry& entry) const override {
    const Node& node = nodes_.at(entry.name);
    if (const auto* file = std::get_if<FileNode>(&node)) return file->checksum;
    return std::get<DirNode>(node).meta;
  }
  std::unique_ptr<DiffTree> open(const Entry& entry) const override {
    return std::make_unique<CommitTree>(repo_, path(entry),
                                        std::get<DirNode>(nodes_.at(entry.name)).tree);
  }
  std::string path(const Entry& entry) const override { return child_path(path_, entry.name); }
  std::optional<Checksum> identity() const override { return checksum_; }

 private:
  static bool is_dir(const Node& node) { return std::holds_alternative<DirNode>(node); }

  const repo::Repo& repo_;
  std::string path_;
  Checksum checksum_;
  std::map<std::string, Node> nodes_;
};

class DiskTree : public DiffTree {
 public:
  DiskTree(UniqueFd dir, std::string path, const DiskChecksumOptions& options)
      : dir_(std::move(dir)), path_(std::move(path)), options_(options) {}

  std::vector<Entry> entries() const override {
    std::vector<Entry> result;
    for (DirEntry& entry : list_directory(dir_))
      result.push_back({std::move(entry.name), entry.type == DT_DIR});
    return sorted(std::move(result));
  }
  std::optional<Entry> find(const std::string& name) const override {
    const auto info = os::try_stat({dir_, name});
    if (!info) return std::nullopt;
    return Entry{name, S_ISDIR(info->st_mode)};
  }
  Checksum checksum(const Entry& entry) const override {
    const PathAt path{dir_, entry.name};
    const auto info = os::try_stat(path);
    if (!info) os::fail(ENOENT, "Reading", os::path_of(path));
    return disk_checksum(path, *info, options_);
  }
  std::unique_ptr<DiffTree> open(const Entry& entry) const override {
    return std::make_unique<DiskTree>(
        os::open({dir_, entry.name}, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path(entry), options_);
  }
  std::string path(const Entry& entry) const override {
    return path_.empty() ? entry.name : child_path(path_, entry.name);
  }
  std::optional<Checksum> identity() const override { return std::nullopt; }

 private:
  UniqueFd dir_;
  std::string path_;  ///< Relative to where the comparison started.
  DiskChecksumOptions options_;
};

}  // namespace

std::unique_ptr<DiffTree> open_commit(const repo::Repo& repo, const Checksum& commit) {
  return std::make_unique<CommitTree>(repo, "/", root_of(repo, commit).tree);
}

std::unique_ptr<DiffTree> open_directory(const std::string& path,
                                         const DiskChecksumOptions& options) {
  return std::make_unique<DiskTree>(os::open_dir({FileDescriptor::cwd(), path}), "", options);
}

}  // namespace xylem::tree
