#include "tree/checkout/checkout_tree.hpp"

#include <atomic>
#include <cerrno>
#include <memory>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "task/task_pool.hpp"
#include "tree/checkout/checkout_labels.hpp"
#include "tree/checkout/whiteout.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// A directory that is being filled. It is finished when nothing is pending in it: the walk itself,
/// files that tasks write, and directories in it.
struct OpenDir {
  std::shared_ptr<OpenDir> parent;
  UniqueFd fd;
  object::DirMeta meta;
  bool created = false;  ///< If not, it is somebody else's, and keeps its metadata.
  std::atomic<unsigned> pending{1};
};
using OpenDirPtr = std::shared_ptr<OpenDir>;

class TreeCheckout {
 public:
  TreeCheckout(const repo::Repo& repo, const CheckoutOptions& options, UncompressedCache* cache)
      : repo_(repo), options_(options), files_(repo, options, cache), pool_(options.threads) {}

  std::uint64_t run(const DirNode& root, const PathAt& destination);

 private:
  struct Dir {
    object::DirTree tree;
    object::DirMeta meta;
  };
  struct Place {
    PathAt target;
    std::string path;  ///< As the commit calls it, from the subpath on.
    unsigned depth = 0;
  };

  void walk(const OpenDirPtr& parent, const Place& place, const DirNode& node);
  std::optional<Dir> load(const OpenDirPtr& parent, const DirNode& node);
  void write_file(const OpenDir& dir, const object::DirTree::File& file, const std::string& path);
  bool may_miss(const Error& error);
  OpenDirPtr open(const OpenDirPtr& parent, const Place& place, object::DirMeta meta,
                  const object::DirTree& tree);
  void clear_the_way(const PathAt& target, const object::DirTree& tree);
  bool make(const PathAt& target);
  void write_files(const OpenDirPtr& dir, const std::string& path, const object::DirTree& tree);
  bool skipped(const std::string& path) const { return options_.skip_paths.contains(path); }
  void release(OpenDirPtr dir);
  void finish(const OpenDir& dir);

  const repo::Repo& repo_;
  const CheckoutOptions& options_;
  FileCheckout files_;
  std::atomic<std::uint64_t> missing_ = 0;
  TaskPool pool_;  ///< Last: its tasks use all of the above.
};

std::uint64_t TreeCheckout::run(const DirNode& root, const PathAt& destination) {
  walk(nullptr, {destination, "/", 0}, root);
  pool_.wait();
  return missing_;
}

bool TreeCheckout::may_miss(const Error& error) {
  if (!options_.allow_partial || error.kind() != ErrorKind::NotFound) return false;
  ++missing_;
  return true;
}

/// nullopt if it is missing and may be. Without its root there is nothing to check out.
std::optional<TreeCheckout::Dir> TreeCheckout::load(const OpenDirPtr& parent,
                                                    const DirNode& node) try {
  return Dir{repo_.load_dirtree(node.tree), repo_.load_dirmeta(node.meta)};
} catch (const Error& error) {
  if (!parent || !may_miss(error)) throw;
  return std::nullopt;
}

void TreeCheckout::write_file(const OpenDir& dir, const object::DirTree::File& file,
                              const std::string& path) try {
  files_.write(dir.fd, file.name, path, file.checksum);
} catch (const Error& error) {
  if (!may_miss(error)) throw;
}

void TreeCheckout::walk(const OpenDirPtr& parent, const Place& place, const DirNode& node) {
  check_depth(place.depth, place.path);
  options_.cancel.check();
  if (skipped(place.path)) return;
  auto loaded = load(parent, node);
  if (!loaded) return;
  const object::DirTree& tree = loaded->tree;
  const OpenDirPtr dir = open(parent, place, std::move(loaded->meta), tree);
  write_files(dir, place.path, tree);
  for (const auto& child : tree.dirs)
    walk(dir, {{dir->fd, child.name}, place.path + child.name + "/", place.depth + 1},
         {child.tree, child.meta});
  release(dir);
}

OpenDirPtr TreeCheckout::open(const OpenDirPtr& parent, const Place& place, object::DirMeta meta,
                              const object::DirTree& tree) {
  if (options_.whiteouts) clear_the_way(place.target, tree);
  auto dir = std::make_shared<OpenDir>();
  dir->created = make(place.target);
  // Only the destination itself may be elsewhere: it is what the user said, not what is in a tree.
  const int flags = O_RDONLY | O_DIRECTORY;
  dir->fd = parent ? os::open_beneath(place.target, flags, 0, os::Symlinks::Refuse)
                   : os::open(place.target, flags);
  if (!parent && options_.require_hardlinks &&
      os::stat(dir->fd).st_dev != os::stat(repo_.dir()).st_dev)
    throw Error(ErrorKind::Unsupported, "Unable to do hardlink checkout across devices");
  dir->meta = std::move(meta);
  label_checked_out(dir->meta.xattrs, options_, place.path, dir->meta.mode);
  dir->parent = parent;
  if (parent) ++parent->pending;
  return dir;
}

void TreeCheckout::clear_the_way(const PathAt& target, const object::DirTree& tree) {
  const auto info = os::try_stat(target);
  if (!info) return;
  const bool in_the_way = options_.overwrite == Overwrite::UnionFiles && !S_ISDIR(info->st_mode);
  if (in_the_way || is_opaque(tree)) remove_tree(target);
}

/// For nobody else to enter before it is finished.
bool TreeCheckout::make(const PathAt& target) {
  if (os::make_dir(target, 0700)) return true;
  if (options_.overwrite == Overwrite::None)
    os::fail(EEXIST, "Creating directory", os::path_of(target));
  return false;
}

void TreeCheckout::write_files(const OpenDirPtr& dir, const std::string& path,
                               const object::DirTree& tree) {
  for (const auto& file : tree.files) {
    if (skipped(path + file.name)) continue;
    if (options_.whiteouts) {
      // In order: what a whiteout removes may come anew from this very layer.
      write_file(*dir, file, path + file.name);
      continue;
    }
    ++dir->pending;
    pool_.submit([this, dir, file, file_path = path + file.name] {
      options_.cancel.check();
      write_file(*dir, file, file_path);
      release(dir);
    });
  }
}

void TreeCheckout::release(OpenDirPtr dir) {
  while (dir && --dir->pending == 0) {
    finish(*dir);
    dir = dir->parent;
  }
}

/// Now that nothing changes in it any more: it may be read-only, and its time would not stay.
void TreeCheckout::finish(const OpenDir& dir) {
  if (!dir.created) return;
  const bool plain = options_.bare_user_only_dirs || repo_.mode() == repo::Mode::BareUserOnly;
  if (!options_.user_mode) {
    os::set_owner(dir.fd, dir.meta.uid, dir.meta.gid);
    for (const auto& xattr : dir.meta.xattrs) os::set_xattr(dir.fd, xattr.name, xattr.value);
  }
  os::set_mode(dir.fd, dir.meta.mode & (plain ? 0775U : 07777U));
  // Copies are for changing, as /etc is: such a directory keeps the time when it was made.
  if (!options_.force_copy) os::set_mtime(dir.fd, 0);
}

}  // namespace

std::uint64_t checkout_tree(const repo::Repo& repo, const DirNode& root, const PathAt& destination,
                            const CheckoutOptions& options, UncompressedCache* cache) {
  return TreeCheckout(repo, options, cache).run(root, destination);
}

}  // namespace xylem::tree
