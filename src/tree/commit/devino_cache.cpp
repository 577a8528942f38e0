#include "tree/commit/devino_cache.hpp"

#include "base/os/os.hpp"

namespace xylem::tree {

DevinoCache::DevinoCache(const repo::Repo& repo) {
  for (const repo::Repo* source = &repo; source != nullptr; source = source->parent()) {
    const repo::LooseStore& store = source->store();
    store.for_each([&](const object::ObjectName& name) {
      if (name.type != object::ObjectType::File) return;
      if (const auto info = os::try_stat(store.path(name)))
        objects_.try_emplace({info->st_dev, info->st_ino}, name.checksum);
    });
  }
}

std::optional<Checksum> DevinoCache::find(const struct stat& info) const {
  const auto found = objects_.find({info.st_dev, info.st_ino});
  if (found == objects_.end()) return std::nullopt;
  return found->second;
}

}  // namespace xylem::tree
