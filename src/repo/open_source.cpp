#include "repo/open_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/config/config_file.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Whoever can write the configuration could name any repository that we may read as the parent.
void require_no_parent(const KeyFile& config, const std::string& path) {
  if (config.find_string("core", "parent").value_or("").empty()) return;
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("{} belongs to another user, and names a parent, which is not followed", path),
      {.path = path, .hint = "pull from the parent first, then from this repository"});
}

void check_config(FileDescriptor dir, const std::string& path) {
  const PathAt config{dir, layout::config};
  if (!os::exists(config)) return;  // Repo::open() says what is missing
  const UniqueFd fd = os::open_beneath(config, O_RDONLY | O_NONBLOCK);
  os::require_regular(fd, config);
  if (may_trust(os::stat(fd), only_us())) return;
  require_no_parent(KeyFile::parse(os::read_file(fd, largest_config), path + "/" + layout::config),
                    path);
}

/// Whoever follows it reads, or makes, what is elsewhere.
void refuse_symlink_out(FileDescriptor dir, const char* name) {
  const PathAt path{dir, name};
  if (os::exists(path)) os::open_beneath(path, O_RDONLY | O_NONBLOCK);
}

}  // namespace

void refuse_symlinks_out(FileDescriptor repo) {
  for (const char* name :
       {layout::config, layout::objects, layout::refs, layout::refs_heads, layout::refs_remotes,
        layout::refs_mirrors, layout::state, layout::tmp, layout::tmp_cache, layout::claims_dir,
        layout::extensions, layout::summary, layout::summary_signature, "deltas", "delta-indexes"})
    refuse_symlink_out(repo, name);
}

Repo open_source(const std::string& path) {
  const UniqueFd dir = os::try_open_dir({FileDescriptor::cwd(), path});
  if (dir.valid()) {
    check_config(dir, path);
    for (const char* name : {layout::refs, layout::state, layout::tmp, "deltas", "delta-indexes"})
      refuse_symlink_out(dir, name);
  }
  return Repo::open(path, {.remotes_dir = {}, .read_only = true});
}

}  // namespace xylem::repo
