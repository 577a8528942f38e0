#include "delta/match/commit_content.hpp"

#include <algorithm>

#include "object/names/object_set.hpp"

namespace xylem::delta {

using object::ObjectName;
using object::ObjectType;

namespace {

/// A directory that is still to be read.
struct Pending {
  std::string path;  ///< With a slash behind it, unless it is the root.
  Checksum tree;
};

class Listing {
 public:
  explicit Listing(const repo::Repo& repo) : repo_(repo) {}

  void add_dir(std::string path, const Checksum& tree, const Checksum& meta) {
    add_metadata({meta, ObjectType::DirMeta});
    if (add_metadata({tree, ObjectType::DirTree})) pending_.push_back({std::move(path), tree});
  }

  /// In the order of breadth: a queue needs no stack, however deep the tree is.
  void run(const CancelToken& cancel) {
    for (std::size_t next = 0; next < pending_.size(); ++next) {
      cancel.check();
      const Pending dir = std::move(pending_[next]);
      add_entries(dir.path, repo_.load_dirtree(dir.tree));
    }
    std::ranges::sort(content_.files, {}, &PlacedFile::path);
  }

  CommitContent take() { return std::move(content_); }

 private:
  bool add_metadata(const ObjectName& name) {
    if (!seen_.insert(name)) return false;
    content_.metadata.push_back(name);
    return true;
  }

  void add_entries(const std::string& path, const object::DirTree& tree) {
    for (const object::DirTree::File& file : tree.files)
      content_.files.push_back({path + file.name, file.checksum});
    for (const object::DirTree::Dir& dir : tree.dirs)
      add_dir(path + dir.name + "/", dir.tree, dir.meta);
  }

  const repo::Repo& repo_;
  object::ObjectSet seen_;
  std::vector<Pending> pending_;
  CommitContent content_;
};

}  // namespace

CommitContent list_content(const repo::Repo& repo, const Checksum& commit,
                           const CancelToken& cancel) {
  const object::Commit loaded = repo.load_commit(commit);
  Listing listing(repo);
  listing.add_dir({}, loaded.root_tree, loaded.root_meta);
  listing.run(cancel);
  return listing.take();
}

}  // namespace xylem::delta
