#include "base/os/disk_usage.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"

namespace xylem {

namespace {

/// What stat() counts in, whatever the file system does.
constexpr std::uint64_t stat_block = 512;

}  // namespace

std::uint64_t disk_usage(const PathAt& path) {
  const auto info = os::try_stat(path);
  if (!info) return 0;
  std::uint64_t bytes = static_cast<std::uint64_t>(info->st_blocks) * stat_block;
  if (!S_ISDIR(info->st_mode)) return bytes;
  const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dir.valid()) return bytes;
  for (const DirEntry& entry : list_directory(dir)) bytes += disk_usage({dir, entry.name});
  return bytes;
}

}  // namespace xylem
