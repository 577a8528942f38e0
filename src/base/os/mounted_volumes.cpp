#include "base/os/mounted_volumes.hpp"

#include <gio/gunixmounts.h>

#include <memory>

namespace xylem {

namespace {

struct FreeMounts {
  void operator()(GList* mounts) const {
    g_list_free_full(
        mounts, [](gpointer mount) { g_unix_mount_free(static_cast<GUnixMountEntry*>(mount)); });
  }
};

bool is_volume(GUnixMountEntry* mount) {
  return g_unix_mount_guess_should_display(mount) &&
         !g_unix_is_system_fs_type(g_unix_mount_get_fs_type(mount)) &&
         !g_unix_is_system_device_path(g_unix_mount_get_device_path(mount));
}

}  // namespace

std::vector<std::string> mounted_volumes() {
  const std::unique_ptr<GList, FreeMounts> mounts(g_unix_mounts_get(nullptr));
  std::vector<std::string> paths;
  for (const GList* entry = mounts.get(); entry != nullptr; entry = entry->next) {
    auto* mount = static_cast<GUnixMountEntry*>(entry->data);
    if (is_volume(mount)) paths.emplace_back(g_unix_mount_get_mount_path(mount));
  }
  return paths;
}

}  // namespace xylem
