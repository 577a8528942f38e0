#include "repo/transaction/publish.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <future>
#include <iterator>
#include <set>
#include <utility>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// More directories than this are made durable together with their file system: it was flushed
/// just before, and each directory on its own would cost a round trip to the disk.
constexpr std::size_t few_directories = 8;

/// Of each directory of objects in staging; 0 where it cannot be moved as a whole.
using Counts = std::array<std::size_t, layout::prefixes>;

/// What lies in those that `objects` lacks: what is staged, and maybe left-overs.
Counts count_entries(const StagingArea& area, const LooseStore& objects) {
  Counts counts{};
  for (std::size_t prefix = 0; prefix < counts.size(); ++prefix) {
    const std::string dir = layout::object_dir(static_cast<std::uint8_t>(prefix));
    if (area.staged(prefix).empty() || os::exists({objects.dir(), dir})) continue;
    counts[prefix] = list_directory(os::open_dir({area.store().dir(), dir})).size();
  }
  return counts;
}

void move_object(const LooseStore& staged, const LooseStore& objects, const ObjectName& name) {
  const PathAt from = staged.path(name);
  const PathAt to = objects.path(name);
  if (name.type == ObjectType::CommitMeta)
    os::rename(from, to);
  else if (!os::rename_noreplace(from, to))
    os::unlink(from);
}

/// Whether what is made in a directory gets its owner and permissions from nowhere else.
bool bequeaths_nothing(FileDescriptor dir) {
  return (os::stat(dir).st_mode & S_ISGID) == 0 &&
         !os::try_get_xattr(dir, "system.posix_acl_default");
}

/// A directory in staging is as good as a new one in objects/.
bool may_move_directories(const LooseStore& staged, const LooseStore& objects) {
  return bequeaths_nothing(staged.dir()) && bequeaths_nothing(objects.dir());
}

/// Moves objects, and notes which directories have new names in them then.
class Mover {
 public:
  Mover(const LooseStore& staged, const LooseStore& objects, const Counts& entries)
      : staged_(staged),
        objects_(objects),
        entries_(entries),
        directories_(may_move_directories(staged, objects)) {}

  /// All have the same prefix.
  void move(const std::vector<ObjectName>& names);
  /// Somebody else has moved this object.
  void note(const ObjectName& name) { changed_.insert(layout::object_dir(name.checksum)); }
  /// Makes the new names durable. A directory that was moved as a whole holds none: what is in it
  /// is durable already.
  void sync();

 private:
  const LooseStore& staged_;
  const LooseStore& objects_;
  Counts entries_;    ///< Of staging, before anything was moved.
  bool directories_;  ///< May be moved as a whole.
  std::set<std::string> changed_;
};

// A new repository is filled by 256 renames instead of one for each object: where `objects` lacks a
// directory, and all that lies in the staged one is to be published, the directory itself moves. If
// somebody makes it meanwhile, the objects move one by one.
void Mover::move(const std::vector<ObjectName>& names) {
  if (names.empty()) return;
  const std::string prefix = layout::object_dir(names.front().checksum);
  const bool all = entries_[layout::prefix_of(names.front())] == names.size();
  const PathAt target{objects_.dir(), prefix};
  if (directories_ && all && os::try_rename_dir({staged_.dir(), prefix}, target)) return;
  make_repo_dir(target);
  for (const ObjectName& name : names) move_object(staged_, objects_, name);
  changed_.insert(prefix);
}

void Mover::sync() {
  const auto changed = std::exchange(changed_, {});
  if (changed.size() > few_directories) return os::syncfs(objects_.dir());
  for (const std::string& prefix : changed) os::fsync(os::open_dir({objects_.dir(), prefix}));
  os::fsync(objects_.dir());
}

/// Moves the commits among `names` to `commits`.
void take_commits(std::vector<ObjectName>& names, std::vector<ObjectName>& commits) {
  const auto is_commit = [](const ObjectName& name) { return name.type == ObjectType::Commit; };
  std::ranges::copy_if(names, std::back_inserter(commits), is_commit);
  std::erase_if(names, is_commit);
}

}  // namespace

// The order is what makes a power cut harmless. First one barrier makes the bodies durable, since a
// name must never lead to a body that is still in memory. Then everything but commits gets its name
// and the directories are made durable. Commits come last: whoever finds one finds all that
// it refers to. What others published counts as changed here, as they may not have got to their
// own barrier.
std::vector<ObjectName> publish_objects(const StagingArea& area, const LooseStore& objects,
                                        std::span<const ObjectName> published_by_others,
                                        bool durable) {
  std::vector<ObjectName> commits;
  if (area.is_empty() && published_by_others.empty()) return commits;
  // Beside the barrier, which waits for the disk.
  auto entries = std::async(count_entries, std::cref(area), std::cref(objects));
  if (durable) os::syncfs(area.store().dir());
  Mover mover(area.store(), objects, entries.get());
  for (std::size_t prefix = 0; prefix < layout::prefixes; ++prefix) {
    std::vector<ObjectName> names = area.staged(prefix);
    take_commits(names, commits);
    mover.move(names);
  }
  for (const ObjectName& name : published_by_others) mover.note(name);
  if (durable) mover.sync();
  if (commits.empty()) return commits;
  for (const ObjectName& commit : commits) mover.move({commit});
  if (durable) mover.sync();
  return commits;
}

}  // namespace xylem::repo
