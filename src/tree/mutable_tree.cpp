#include "tree/mutable_tree.hpp"

#include <fmt/format.h>

#include "object/names/file_name.hpp"
#include "object/names/names.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// Where the name is, unless its message says that by itself.
std::string at(const std::string& path) {
  return path.find('/', 1) == std::string::npos ? "" : ", at " + object::quoted(path);
}

}  // namespace

std::string MutableTree::path_of(const std::string& name) const {
  if (parent_ == nullptr) return "/" + name;
  for (const auto& [own_name, dir] : parent_->dirs_)
    if (dir.get() == this) return parent_->path_of(own_name) + "/" + name;
  return name;
}

void MutableTree::check_name(const std::string& name) const {
  if (!object::is_valid_file_name(name))
    throw Error(ErrorKind::InvalidArgument, object::file_name_problem(name) + at(path_of(name)),
                {.hint = "rename the file: names in a commit are UTF-8 without '/'"});
}

bool MutableTree::try_fill(const DirNode& node) {
  load();
  if (!files_.empty() || !dirs_.empty()) return false;
  set_meta(node.meta);
  invalidate();
  contents_ = node.tree;
  loaded_ = false;
  return true;
}

void MutableTree::set_meta(const Checksum& meta) {
  if (meta_ == meta) return;
  if (parent_ != nullptr) parent_->invalidate();
  meta_ = meta;
}

Checksum& MutableTree::add_file(const std::string& name) {
  check_name(name);
  load();
  if (dirs_.contains(name))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Can't replace directory with file: {}{}", name, at(path_of(name))));
  invalidate();
  return files_[name];
}

MutableTree& MutableTree::add_dir(const std::string& name) {
  check_name(name);
  load();
  if (files_.contains(name))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("Can't replace file with directory: {}{}", name, at(path_of(name))));
  auto& dir = dirs_[name];
  if (!dir) {
    invalidate();
    dir.reset(new MutableTree(repo_, this));
  }
  return *dir;
}

std::optional<Checksum> MutableTree::find_file(const std::string& name) {
  load();
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  return found->second;
}

MutableTree* MutableTree::find_dir(const std::string& name) {
  load();
  const auto found = dirs_.find(name);
  return found == dirs_.end() ? nullptr : found->second.get();
}

bool MutableTree::contains(const std::string& name) {
  load();
  return files_.contains(name) || dirs_.contains(name);
}

std::vector<std::string> MutableTree::dir_names() {
  load();
  std::vector<std::string> names;
  for (const auto& [name, dir] : dirs_) names.push_back(name);
  return names;
}

void MutableTree::load() {
  if (loaded_) return;
  loaded_ = true;
  const object::DirTree tree = repo_.load_dirtree(*contents_);
  for (const auto& file : tree.files) files_[file.name] = file.checksum;
  for (const auto& entry : tree.dirs) {
    std::unique_ptr<MutableTree> dir(new MutableTree(repo_, this));
    dir->meta_ = entry.meta;
    dir->contents_ = entry.tree;
    dir->loaded_ = false;
    dirs_[entry.name] = std::move(dir);
  }
}

void MutableTree::invalidate() {
  for (MutableTree* tree = this; tree != nullptr; tree = tree->parent_) tree->contents_.reset();
}

DirNode MutableTree::write(ObjectWriter& writer) {
  if (!meta_) throw Error(ErrorKind::InvalidArgument, "Can't commit an empty tree");
  if (!contents_) {
    object::DirTree tree;
    for (const auto& [name, checksum] : files_) tree.files.push_back({name, checksum});
    for (const auto& [name, dir] : dirs_) {
      const DirNode node = dir->write(writer);
      tree.dirs.push_back({name, node.tree, node.meta});
    }
    contents_ = writer.write_dirtree(tree);
  }
  return {*contents_, *meta_};
}

}  // namespace xylem::tree
