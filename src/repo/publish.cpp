#include "repo/publish.hpp"

#include <algorithm>
#include <map>

#include "base/os.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Objects by the two digits that their paths start with.
using Groups = std::map<std::string, std::vector<ObjectName>>;

Groups group_by_prefix(std::span<const ObjectName> names) {
  Groups groups;
  for (const ObjectName& name : names) groups[name.checksum.hex().substr(0, 2)].push_back(name);
  return groups;
}

void move_object(const LooseStore& staged, const LooseStore& objects, const ObjectName& name) {
  const PathAt from = staged.path(name);
  const PathAt to = objects.path(name);
  if (name.type == ObjectType::CommitMeta)
    os::rename(from, to);
  else if (!os::rename_noreplace(from, to))
    os::unlink(from);
}

void move_group(const LooseStore& staged, const LooseStore& objects, const std::string& prefix,
                const std::vector<ObjectName>& names) {
  os::make_dir({objects.dir(), prefix}, 0777);
  for (const ObjectName& name : names) move_object(staged, objects, name);
}

void sync_directories(const LooseStore& objects, const Groups& groups) {
  for (const auto& [prefix, names] : groups) os::fsync(os::open_dir({objects.dir(), prefix}));
  os::fsync(objects.dir());
}

void move_all(const LooseStore& staged, const LooseStore& objects, const Groups& groups) {
  for (const auto& [prefix, group] : groups) move_group(staged, objects, prefix, group);
}

}  // namespace

void publish_objects(const StagingArea& area, const LooseStore& objects,
                     std::span<const ObjectName> published_by_others, bool durable) {
  std::vector<ObjectName> names = area.staged();
  if (names.empty() && published_by_others.empty()) return;
  if (durable) os::syncfs(area.store().dir());
  const auto commits = std::partition(names.begin(), names.end(), [](const ObjectName& name) {
    return name.type != ObjectType::Commit;
  });
  Groups others = group_by_prefix({names.begin(), commits});
  move_all(area.store(), objects, others);
  others.merge(group_by_prefix(published_by_others));
  if (durable) sync_directories(objects, others);
  const Groups last = group_by_prefix({commits, names.end()});
  move_all(area.store(), objects, last);
  if (durable && !last.empty()) sync_directories(objects, last);
}

}  // namespace xylem::repo
