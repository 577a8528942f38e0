#include "tree/export/export_tree.hpp"

#include "base/stream.hpp"
#include "repo/refs/require_whole.hpp"
#include "tree/disk_metadata.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

class TreeExporter {
 public:
  TreeExporter(const repo::Repo& repo, const ExportOptions& options, std::uint64_t timestamp,
               archive::Writer& writer)
      : repo_(repo),
        options_(options),
        timestamp_(static_cast<std::int64_t>(timestamp)),
        writer_(writer) {}

  /// `path` is relative to the exported directory, "" for itself.
  void dir(const DirNode& node, const std::string& path, unsigned depth);
  void file(const Checksum& checksum, const std::string& path);

 private:
  archive::Entry make_entry(const std::string& path, const Ownership& ownership,
                            const object::Xattrs& xattrs) const;
  void write_file_content(repo::LoadedFile& file);

  const repo::Repo& repo_;
  const ExportOptions& options_;
  const std::int64_t timestamp_;
  archive::Writer& writer_;
};

std::string path_below(const std::string& dir, const std::string& name) {
  return dir.empty() ? name : child_path(dir, name);
}

void TreeExporter::dir(const DirNode& node, const std::string& path, unsigned depth) {
  check_depth(depth, path);
  options_.cancel.check();
  const object::DirMeta meta = repo_.load_dirmeta(node.meta);
  writer_.begin(make_entry(path, ownership_of(meta), meta.xattrs));
  const object::DirTree tree = repo_.load_dirtree(node.tree);
  for (const auto& entry : tree.files) file(entry.checksum, path_below(path, entry.name));
  for (const auto& entry : tree.dirs)
    dir({entry.tree, entry.meta}, path_below(path, entry.name), depth + 1);
}

void TreeExporter::file(const Checksum& checksum, const std::string& path) {
  options_.cancel.check();
  repo::LoadedFile file = repo_.load_file(checksum);
  archive::Entry entry = make_entry(path, ownership_of(file.header), file.header.xattrs);
  if (file.header.is_symlink()) {
    entry.symlink = file.header.symlink_target;
    return writer_.begin(entry);
  }
  entry.size = file.size;
  writer_.begin(entry);
  write_file_content(file);
}

archive::Entry TreeExporter::make_entry(const std::string& path, const Ownership& ownership,
                                        const object::Xattrs& xattrs) const {
  archive::Entry entry;
  entry.path = options_.prefix + path;
  if (entry.path.empty()) entry.path = ".";
  entry.mode = ownership.mode;
  entry.uid = ownership.uid;
  entry.gid = ownership.gid;
  entry.mtime = timestamp_;
  if (!options_.xattrs) return entry;
  for (const auto& xattr : xattrs) entry.xattrs.push_back({xattr.name, xattr.value});
  return entry;
}

/// The header has promised a size already: an archive of anything else is damaged.
void TreeExporter::write_file_content(repo::LoadedFile& file) {
  Bytes buffer(buffer_size_for(file.size));
  std::uint64_t left = file.size;
  while (const std::size_t count = file.content->read(buffer)) {
    if (count > left) throw Error(ErrorKind::Corrupt, "Content is longer than its header says");
    writer_.write(ByteView(buffer).first(count));
    left -= count;
  }
  if (left != 0) throw Error(ErrorKind::Corrupt, "Content is shorter than its header says");
}

}  // namespace

void require_exportable(const repo::Repo& repo, const Checksum& commit,
                        const std::string& subpath) {
  if (canonical_path(subpath) == "/") return repo::require_whole(repo, commit);
  const Node node = require_path(repo, commit, subpath);
  if (const auto* dir = std::get_if<DirNode>(&node))
    repo::require_whole_below(repo, commit, dir->tree, dir->meta);
}

void export_tree(const repo::Repo& repo, const Checksum& commit, const ExportOptions& options,
                 archive::Writer& writer) {
  const Node node = require_path(repo, commit, options.subpath);
  TreeExporter exporter(repo, options, repo.load_commit(commit).timestamp, writer);
  if (const auto* dir = std::get_if<DirNode>(&node)) return exporter.dir(*dir, "", 0);
  const std::string path = canonical_path(options.subpath);
  exporter.file(std::get<FileNode>(node).checksum, path.substr(path.rfind('/') + 1));
}

}  // namespace xylem::tree
