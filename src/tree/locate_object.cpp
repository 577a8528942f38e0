#include "tree/locate_object.hpp"

#include <fmt/format.h>

#include <optional>

#include "object/names/object_set.hpp"
#include "tree/walk.hpp"

namespace xylem::tree {

namespace {

using object::ObjectName;
using object::ObjectType;

class Locator {
 public:
  Locator(const repo::Repo& repository, const std::string& object)
      : repository_(repository), object_(object) {}

  /// The first path below `node` that is, or needs, the object.
  std::optional<std::string> find(const DirNode& node, const std::string& path, unsigned depth) {
    if (is_it(node.tree, ObjectType::DirTree) || is_it(node.meta, ObjectType::DirMeta)) return path;
    if (depth > max_depth || !seen_.insert({node.tree, ObjectType::DirTree})) return std::nullopt;
    const object::DirTree tree = repository_.load_dirtree(node.tree);
    for (const auto& file : tree.files)
      if (is_it(file.checksum, ObjectType::File)) return child_path(path, file.name);
    for (const auto& dir : tree.dirs)
      if (auto found = find({dir.tree, dir.meta}, child_path(path, dir.name), depth + 1))
        return found;
    return std::nullopt;
  }

 private:
  bool is_it(const Checksum& checksum, ObjectType type) const {
    return ObjectName{checksum, type}.text() == object_;
  }

  const repo::Repo& repository_;
  const std::string& object_;
  object::ObjectSet seen_;
};

}  // namespace

void locate_object(Error& error, const repo::Repo& repository, const Checksum& commit) noexcept {
  if (error.details().object.empty()) return;
  try {
    Locator locator(repository, error.details().object);
    if (const auto path = locator.find(root_of(repository, commit), "/", 0))
      error.prefix(fmt::format("{} in repository {}", *path, repository.path()));
  } catch (
      const std::exception&) {  // Another bad object is in the way: the message stays as it is.
  }
}

}  // namespace xylem::tree
