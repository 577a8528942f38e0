#include "repo/tree_walk.hpp"

#include <vector>

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

class Walk {
 public:
  explicit Walk(object::ObjectSet& reachable) : reachable_(reachable) {}

  void add_dir(const Checksum& tree, const Checksum& meta) {
    reachable_.insert({meta, ObjectType::DirMeta});
    const ObjectName name{tree, ObjectType::DirTree};
    if (reachable_.insert(name)) pending_.push_back(name);
  }

  void run(const TreeLoader& load) {
    while (!pending_.empty()) {
      const ObjectName name = pending_.back();
      pending_.pop_back();
      if (const auto tree = load(name)) add_entries(*tree);
    }
  }

 private:
  void add_entries(const object::DirTree& tree) {
    for (const object::DirTree::File& file : tree.files)
      reachable_.insert({file.checksum, ObjectType::File});
    for (const object::DirTree::Dir& dir : tree.dirs) add_dir(dir.tree, dir.meta);
  }

  object::ObjectSet& reachable_;
  std::vector<ObjectName> pending_;
};

}  // namespace

void walk_trees(const object::Commit& commit, const TreeLoader& load,
                object::ObjectSet& reachable) {
  Walk walk(reachable);
  walk.add_dir(commit.root_tree, commit.root_meta);
  walk.run(load);
}

}  // namespace xylem::repo
