#include "tree/commit/import_commit.hpp"

#include "tree/disk_metadata.hpp"
#include "tree/labels.hpp"

namespace xylem::tree {

namespace {

Checksum write(ImportContext& context, const Checksum& original, repo::LoadedFile& file,
               const object::FileHeader& header) {
  if (header == file.header) {
    context.writer.reuse_file(original, header, file.size);
    return original;
  }
  MemorySource nothing({});
  return context.writer.write_file(header, file.size, file.content ? *file.content : nothing);
}

class CommitImporter {
 public:
  explicit CommitImporter(ImportContext& context) : context_(context) {}

  void merge(const DirNode& node, MutableTree& tree, const std::string& path, unsigned depth);
  void rewrite(const DirNode& node, MutableTree& tree, const std::string& path, unsigned depth);

 private:
  void rewrite_file(const object::DirTree::File& file, MutableTree& tree, const std::string& path);

  ImportContext& context_;
};

void CommitImporter::merge(const DirNode& node, MutableTree& tree, const std::string& path,
                           unsigned depth) {
  check_depth(depth, path);
  if (tree.try_fill(node)) return;
  tree.set_meta(node.meta);
  const object::DirTree contents = context_.repo().load_dirtree(node.tree);
  for (const auto& file : contents.files) tree.add_file(file.name) = file.checksum;
  for (const auto& dir : contents.dirs)
    merge({dir.tree, dir.meta}, tree.add_dir(dir.name), child_path(path, dir.name), depth + 1);
}

void CommitImporter::rewrite(const DirNode& node, MutableTree& tree, const std::string& path,
                             unsigned depth) {
  check_depth(depth, path);
  context_.request.cancel.check();
  object::DirMeta meta = context_.repo().load_dirmeta(node.meta);
  Ownership ownership = ownership_of(meta);
  if (!context_.filter.apply(path, ownership)) return;
  auto xattrs = context_.keeps_xattrs() ? std::move(meta.xattrs) : object::Xattrs{};
  set_label(xattrs, context_.request.modifier.labelling, path, ownership.mode);
  tree.set_meta(context_.writer.write_dirmeta(make_dirmeta(ownership, std::move(xattrs))));

  const object::DirTree contents = context_.repo().load_dirtree(node.tree);
  for (const auto& file : contents.files) rewrite_file(file, tree, child_path(path, file.name));
  for (const auto& dir : contents.dirs) {
    const std::string dir_path = child_path(path, dir.name);
    // Twice, as for directories on disk: see import_dir.cpp.
    Ownership ignored = ownership_of(context_.repo().load_dirmeta(dir.meta));
    if (context_.filter.apply(dir_path, ignored))
      rewrite({dir.tree, dir.meta}, tree.add_dir(dir.name), dir_path, depth + 1);
  }
}

void CommitImporter::rewrite_file(const object::DirTree::File& file, MutableTree& tree,
                                  const std::string& path) {
  auto loaded = std::make_shared<repo::LoadedFile>(context_.repo().load_file(file.checksum));
  Ownership ownership = ownership_of(loaded->header);
  if (!context_.filter.apply(path, ownership)) return;
  object::FileHeader header = loaded->header;
  header.uid = ownership.uid;
  header.gid = ownership.gid;
  header.mode = ownership.mode;
  if (!context_.keeps_xattrs()) header.xattrs.clear();
  set_label(header.xattrs, context_.request.modifier.labelling, path, ownership.mode);

  Checksum* slot = &tree.add_file(file.name);
  context_.pool.submit([&context = context_, slot, loaded, header, original = file.checksum] {
    context.request.cancel.check();
    *slot = write(context, original, *loaded, header);
  });
}

}  // namespace

void import_commit(ImportContext& context, const DirNode& node, MutableTree& tree) {
  CommitImporter importer(context);
  if (context.filter.active())
    importer.rewrite(node, tree, "/", 0);
  else
    importer.merge(node, tree, "/", 0);
  context.pool.wait();
}

}  // namespace xylem::tree
