#include "repo/disk/repo_dirs.hpp"

#include <fcntl.h>

#include <algorithm>
#include <string>

#include "base/os/os.hpp"
#include "base/path.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"

namespace xylem::repo {

namespace {

PathAt parent_of(const PathAt& path) {
  const std::size_t end = path.name.find_last_not_of('/');
  const std::size_t slash = path.name.rfind('/', end);
  if (slash == std::string::npos) return {path.dir, "."};
  return {path.dir, path.name.substr(0, std::max<std::size_t>(slash, 1))};
}

}  // namespace

mode_t dir_mode_in(const struct stat& parent) {
  constexpr mode_t alone = 0755;
  return shared_group(parent) ? layout::directory_mode : alone;
}

bool make_repo_dir(const PathAt& path) {
  if (os::exists(path)) return false;
  // The parent may be named by a symlink.
  const UniqueFd parent = os::try_open(parent_of(path), O_PATH | O_DIRECTORY);
  return os::make_dir(path, parent.valid() ? dir_mode_in(os::stat(parent)) : 0755);
}

void make_repo_dirs(const PathAt& path) {
  for (std::size_t slash = path.name.find('/', 1); slash != std::string::npos;
       slash = path.name.find('/', slash + 1))
    make_repo_dir({path.dir, path.name.substr(0, slash)});
  make_repo_dir(path);
}

UniqueFd make_repo_dirs_beneath(const PathAt& path) {
  UniqueFd dir = os::open_dir({path.dir, "."});
  std::string below;
  for (const std::string_view name : path_components(path.name)) {
    make_repo_dir({dir, std::string(name)});
    below.append(below.empty() ? "" : "/").append(name);
    dir = os::open_beneath({path.dir, below}, O_RDONLY | O_DIRECTORY);
  }
  return dir;
}

}  // namespace xylem::repo
