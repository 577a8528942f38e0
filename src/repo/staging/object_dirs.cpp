#include "repo/staging/object_dirs.hpp"

#include <dirent.h>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/repo_dirs.hpp"

namespace xylem::repo {

ObjectDirs::ObjectDirs(FileDescriptor staging, FileDescriptor objects)
    : staging_(staging),
      device_(os::stat(staging).st_dev),
      keepers_(keepers_of(objects)),
      mode_(dir_mode_in(os::stat(objects))) {}

void ObjectDirs::make(const object::ObjectName& name) {
  std::atomic<bool>& there = made_[layout::prefix_of(name)];
  if (there) return;
  os::make_dir({staging_, layout::object_dir(name.checksum)}, mode_);
  there = true;
}

void ObjectDirs::close_to_others() {
  constexpr mode_t of_others = 077;
  constexpr mode_t ours_alone = 0700;
  always_private_ = (os::stat(staging_).st_mode & of_others) == 0;
  if (always_private_) return;
  os::set_mode(staging_, ours_alone);
  for (const DirEntry& entry : list_directory(staging_)) {
    if (entry.type != DT_DIR) continue;
    const auto info = os::try_stat({staging_, entry.name});
    if (!info || only_keepers_write(*info, keepers_)) continue;
    log_warning("Removing the left-overs in {}: others may write there",
                os::path_of({staging_, entry.name}));
    remove_tree({staging_, entry.name});
  }
}

}  // namespace xylem::repo
