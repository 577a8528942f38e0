#include "tree/list.hpp"

#include <fmt/format.h>

#include "object/xattrs.hpp"
#include "tree/disk_metadata.hpp"

namespace xylem::tree {

namespace {

std::string xattr_column(const object::Xattrs& xattrs) {
  const GVariantPtr list = object::build_xattrs(xattrs);
  const GStringPtr text(g_variant_print(list.get(), TRUE));
  return fmt::format("{{ {} }} ", text.get());
}

std::string columns(char type, const Ownership& ownership, std::uint64_t size) {
  return fmt::format("{}0{:04o} {} {} {:6} ", type, ownership.mode & 07777U, ownership.uid,
                     ownership.gid, size);
}

class Lister {
 public:
  Lister(const repo::Repo& repo, const ListOptions& options,
         const std::function<void(const std::string&)>& print)
      : repo_(repo), options_(options), print_(print) {}

  void file(const FileNode& node, const std::string& path) {
    print_(options_.names_only ? path : describe(node, path));
  }
  void dir(const DirNode& node, const std::string& path) {
    print_(options_.names_only ? path : describe(node, path));
  }
  void contents(const DirNode& node, const std::string& path, unsigned depth);

 private:
  std::string describe(const FileNode& node, const std::string& path);
  std::string describe(const DirNode& node, const std::string& path);

  const repo::Repo& repo_;
  const ListOptions& options_;
  const std::function<void(const std::string&)>& print_;
};

std::string Lister::describe(const FileNode& node, const std::string& path) {
  const repo::LoadedFile loaded = repo_.load_file(node.checksum);
  const object::FileHeader& header = loaded.header;
  const bool symlink = header.is_symlink();
  std::string line = columns(symlink ? 'l' : '-', ownership_of(header), symlink ? 0 : loaded.size);
  if (options_.checksums) line += node.checksum.hex() + " ";
  if (options_.xattrs) line += xattr_column(header.xattrs);
  line += path;
  if (symlink) line += " -> " + header.symlink_target;
  return line;
}

std::string Lister::describe(const DirNode& node, const std::string& path) {
  const object::DirMeta meta = repo_.load_dirmeta(node.meta);
  std::string line = columns('d', ownership_of(meta), 0);
  if (options_.checksums) line += node.tree.hex() + " " + node.meta.hex() + " ";
  if (options_.xattrs) line += xattr_column(meta.xattrs);
  return line + path;
}

void Lister::contents(const DirNode& node, const std::string& path, unsigned depth) {
  check_depth(depth, path);
  const object::DirTree tree = repo_.load_dirtree(node.tree);
  for (const auto& entry : tree.files) file({entry.checksum}, child_path(path, entry.name));
  for (const auto& entry : tree.dirs) {
    const DirNode child{entry.tree, entry.meta};
    const std::string child_name = child_path(path, entry.name);
    dir(child, child_name);
    if (options_.recursive) contents(child, child_name, depth + 1);
  }
}

}  // namespace

void list(const repo::Repo& repo, const Checksum& commit, const std::string& path,
          const ListOptions& options, const std::function<void(const std::string&)>& print) {
  const Node node = require_path(repo, commit, path);
  const std::string canonical = canonical_path(path);
  Lister lister(repo, options, print);
  if (const auto* file = std::get_if<FileNode>(&node)) return lister.file(*file, canonical);
  const DirNode& dir = std::get<DirNode>(node);
  lister.dir(dir, canonical);
  if (options.recursive || !options.directory_only) lister.contents(dir, canonical, 0);
}

}  // namespace xylem::tree
