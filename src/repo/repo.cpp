#include "repo/repo.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/config/config_file.hpp"
#include "repo/config/libostree_keys.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Far more than anybody stacks; repositories that are each other's parents end here.
constexpr int max_depth = 16;

[[noreturn]] void throw_no_repository(const std::string& path, std::string_view missing) {
  throw Error(
      ErrorKind::NotFound, fmt::format("{} is not a repository: it has no {}", path, missing),
      {.path = path,
       .hint = fmt::format("check the path, or make one with `xylem init --repo={}`", path)});
}

KeyFile read_config(FileDescriptor dir, const std::string& path) {
  auto file = read_config_file(dir, path);
  if (!file) throw_no_repository(path, layout::config);
  return std::move(*file);
}

/// A path that leads to the open directory: the one that it had when it was opened, if that still
/// does, as people should read it in messages.
std::string path_to(FileDescriptor dir) {
  std::string path = os::path_of(dir);
  const UniqueFd there = os::try_open_dir({FileDescriptor::cwd(), path});
  if (there.valid() && os::same_file(os::stat(there), os::stat(dir))) return path;
  return fmt::format("/proc/self/fd/{}", dir.get());
}

bool is_system_repository(FileDescriptor dir) try {
  const auto system = os::try_stat({FileDescriptor::cwd(), "/ostree/repo"});
  const struct stat ours = os::stat(dir);
  return system && os::same_file(*system, ours);
} catch (const Error&) {
  return false;  // as good as not there
}

}  // namespace

Repo::Repo(Repo&&) noexcept = default;
Repo& Repo::operator=(Repo&&) noexcept = default;
Repo::~Repo() = default;

Repo Repo::open(const std::string& path, const RepoOptions& options) {
  return open_nested(path, options, 0);
}

Repo Repo::open_at(FileDescriptor dir, const RepoOptions& options) {
  Repo repo;
  repo.dirs_.root = os::duplicate(dir);
  repo.path_ = path_to(repo.dirs_.root);
  repo.remotes_dir_ = options.remotes_dir;
  repo.read_only_ = options.read_only;
  repo.open_objects();
  repo.use_config(read_config(repo.dirs_.root, repo.path_));
  return repo;
}

Repo Repo::open_nested(const std::string& path, const RepoOptions& options, int depth) {
  if (depth > max_depth)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is the parent of more than {} repositories", path, max_depth),
                {.path = path, .hint = "check whether core.parent settings form a cycle"});
  Repo repo;
  repo.path_ = path;
  repo.remotes_dir_ = options.remotes_dir;
  repo.read_only_ = options.read_only;
  repo.depth_ = depth;
  repo.open_dirs();
  repo.use_config(read_config(repo.dirs_.root, path));
  return repo;
}

Repo Repo::reloaded() const {
  Repo repo;
  repo.path_ = path_;
  repo.remotes_dir_ = remotes_dir_;
  repo.read_only_ = read_only_;
  repo.depth_ = depth_;
  repo.dirs_.root = os::duplicate(dirs_.root);
  repo.dirs_.objects = os::duplicate(dirs_.objects);
  repo.open_tmp();
  repo.use_config(read_config(repo.dirs_.root, path_));
  return repo;
}

void Repo::open_dirs() {
  const PathAt path{FileDescriptor::cwd(), path_};
  dirs_.root = os::try_open_dir(path);
  if (!dirs_.root.valid()) throw_no_repository(path_, "directory");
  open_objects();
}

void Repo::open_objects() {
  dirs_.objects = os::try_open_dir({dirs_.root, layout::objects});
  if (!dirs_.objects.valid()) throw_no_repository(path_, layout::objects);
  open_tmp();
}

void Repo::open_tmp() {
  writable_ = !read_only_ && os::is_writable({dirs_.objects, "."});
  // People remove tmp/ to get space back. A symlink may lead anywhere.
  const auto tmp = os::try_stat({dirs_.root, layout::tmp});
  if (writable_ && !(tmp && S_ISLNK(tmp->st_mode))) make_repo_dirs({dirs_.root, layout::tmp_cache});
  dirs_.tmp = os::try_open_dir({dirs_.root, layout::tmp});
}

void Repo::use_config(KeyFile file) {
  Config config;
  try {
    config = parse_config(file);
  } catch (Error& error) {
    throw error.prefix(path_);
  }
  const bool is_system = is_system_repository(dirs_.root);
  if (is_system && !file.has_key("core", "add-remotes-config-dir"))
    config.add_remotes_config_dir = true;
  if (is_system && remotes_dir_.empty()) remotes_dir_ = system_remotes_dir;
  std::unique_ptr<Repo> parent;
  if (config.parent)
    parent = std::make_unique<Repo>(
        open_nested(*config.parent, {.remotes_dir = {}, .read_only = read_only_}, depth_ + 1));

  key_file_ = std::move(file);
  config_ = std::move(config);
  parent_ = std::move(parent);
  store_ = LooseStore(dirs_.objects, config_.mode, config_.disable_xattrs);
  load_remotes();
}

void Repo::require_writable() const {
  if (writable_) return;
  const bool now = os::is_writable({dirs_.objects, "."});
  const std::string why = now ? "it was not when it was opened" : std::strerror(errno);
  throw Error(ErrorKind::Io, fmt::format("Repository {} is not writable: {}", path_, why),
              {.path = path_,
               .hint = "check the owner and the permissions of its objects directory, and that its "
                       "file system is mounted writable"});
}

RepoLock Repo::lock(os::LockMode mode, const CancelToken& cancel) const {
  const bool possible = writable_ || mode == os::LockMode::Shared;
  if (!possible || !config_.locking || caller_holds_lock_) return {};
  return RepoLock::acquire(dirs_.root, mode, {config_.lock_timeout, cancel, writable_});
}

EditLock Repo::edit_lock(Edited what, os::LockMode mode, const CancelToken& cancel) const {
  return EditLock::acquire(dirs_.root, what, {config_.lock_timeout, cancel}, mode);
}

KeyFile Repo::reread_config() const {
  return read_config(dirs_.root, path_);
}

void Repo::check_config(const KeyFile& file) const try {
  Repo probe;
  probe.path_ = path_;
  probe.remotes_dir_ = remotes_dir_;
  probe.depth_ = depth_;
  probe.open_dirs();
  probe.use_config(file);
  require_for_libostree(file, key_file_);
  // With what is on disk now the circle is still open.
  for (const Repo* below = probe.parent(); below != nullptr; below = below->parent())
    if (os::same_file(os::stat(below->dirs_.root), os::stat(dirs_.root)))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("core.parent leads back to {} itself", path_), {.path = path_});
} catch (Error& error) {
  throw error.prefix("With this change the repository could not be opened any more");
}

void Repo::edit_config(const ConfigChange& change) {
  edit_config(lock(os::LockMode::Shared), change);
}

void Repo::edit_config(const RepoLock& /*held*/, const ConfigChange& change) {
  const EditLock lock = edit_lock(Edited::Config);
  KeyFile file = reread_config();
  const std::string before = file.text();
  change(file);
  if (file.text() != before) {
    check_config(file);
    write_config_file(dirs_.root, file);
  }
  use_config(std::move(file));
}

void Repo::bump_mtime() {
  os::touch({dirs_.root, "."});
}

}  // namespace xylem::repo
