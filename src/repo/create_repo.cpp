#include <fmt/format.h>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "object/names/names.hpp"
#include "repo/config/config_file.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/loose/loose_file.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// [core] stays the last group: scripts append keys to it.
KeyFile initial_config(Mode mode, const std::optional<std::string>& collection_id) {
  KeyFile file;
  file.set("core", "repo_version", "1");
  file.set("core", "mode", std::string(config_name(mode)));
  if (collection_id) file.set("core", "collection-id", *collection_id);
  return file;
}

/// Better now than when the first object is written.
void require_user_xattrs(FileDescriptor dir) {
  const UniqueFd file = os::try_open_nameless(dir, 0600);
  if (!file.valid()) return;
  const std::uint8_t value = 0;
  if (os::try_set_xattr(file, bare_user_xattr, ByteView(&value, 1))) return;
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("The file system of {} has no user extended attributes, which mode "
                  "bare-user needs",
                  os::path_of(dir)),
      {.path = os::path_of(dir), .hint = "use mode bare-user-only, or another file system"});
}

void make_repository(FileDescriptor dir, Mode mode,
                     const std::optional<std::string>& collection_id) {
  if (mode == Mode::BareUser) require_user_xattrs(dir);
  if (!os::exists({dir, layout::config}))
    write_config_file(dir, initial_config(mode, collection_id));
  for (const char* name :
       {layout::tmp, layout::extensions, layout::state, layout::refs, layout::refs_heads,
        layout::refs_mirrors, layout::refs_remotes, layout::objects})
    make_repo_dir({dir, name});
  os::fsync(dir);
}

}  // namespace

Repo Repo::create(const std::string& path, Mode mode,
                  const std::optional<std::string>& collection_id) {
  if (collection_id) object::validate_collection_id(*collection_id);
  make_repo_dirs({FileDescriptor::cwd(), path});
  const UniqueFd dir = os::open_dir({FileDescriptor::cwd(), path});
  // Of several at once the first one makes it; the others find it.
  const EditLock lock = EditLock::acquire(dir, Edited::Config, {std::chrono::seconds(60), {}});
  if (!os::exists({dir, layout::objects})) make_repository(dir, mode, collection_id);
  Repo repo = open(path);
  if (repo.mode() != mode)
    log_warning("{} is already a repository, and keeps its mode {}", path,
                config_name(repo.mode()));
  if (collection_id && repo.config().collection_id != collection_id)
    log_warning("{} is already a repository, and keeps its collection ID {}", path,
                repo.config().collection_id.value_or("(none)"));
  return repo;
}

}  // namespace xylem::repo
