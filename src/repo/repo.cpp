#include "repo/repo.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/layout.hpp"
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
  constexpr std::uint64_t largest = 16 << 20;
  const auto text = os::try_read_file({dir, layout::config}, largest);
  if (!text) throw_no_repository(path, layout::config);
  return KeyFile::parse(*text, path + "/" + layout::config);
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

Repo Repo::open_nested(const std::string& path, const RepoOptions& options, int depth) {
  if (depth > max_depth)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is the parent of more than {} repositories", path, max_depth),
                {.path = path, .hint = "check whether core.parent settings form a cycle"});
  Repo repo;
  repo.path_ = path;
  repo.remotes_dir_ = options.remotes_dir;
  repo.depth_ = depth;
  repo.open_dirs();
  repo.use_config(read_config(repo.dir_, path));
  return repo;
}

Repo Repo::reloaded() const {
  Repo repo;
  repo.path_ = path_;
  repo.remotes_dir_ = remotes_dir_;
  repo.depth_ = depth_;
  repo.dir_ = os::duplicate(dir_);
  repo.objects_ = os::duplicate(objects_);
  repo.open_tmp();
  repo.use_config(read_config(repo.dir_, path_));
  return repo;
}

void Repo::open_dirs() {
  const PathAt path{FileDescriptor::cwd(), path_};
  dir_ = os::try_open_dir(path);
  if (!dir_.valid()) throw_no_repository(path_, "directory");
  objects_ = os::try_open_dir({dir_, layout::objects});
  if (!objects_.valid()) throw_no_repository(path_, layout::objects);
  open_tmp();
}

void Repo::open_tmp() {
  writable_ = os::is_writable({objects_, "."});
  // People remove tmp/ to get space back.
  if (writable_) os::make_dirs({dir_, layout::tmp_cache}, layout::directory_mode);
  tmp_ = os::try_open_dir({dir_, layout::tmp});
}

void Repo::use_config(KeyFile file) {
  Config config;
  try {
    config = parse_config(file);
  } catch (Error& error) {
    throw error.prefix(path_);
  }
  const bool is_system = is_system_repository(dir_);
  if (is_system && !file.has_key("core", "add-remotes-config-dir"))
    config.add_remotes_config_dir = true;
  if (is_system && remotes_dir_.empty()) remotes_dir_ = system_remotes_dir;
  std::unique_ptr<Repo> parent;
  if (config.parent) parent = std::make_unique<Repo>(open_nested(*config.parent, {}, depth_ + 1));

  key_file_ = std::move(file);
  config_ = std::move(config);
  parent_ = std::move(parent);
  store_ = LooseStore(objects_, config_.mode, config_.disable_xattrs);
  load_remotes();
}

void Repo::require_writable() const {
  if (writable_) return;
  throw Error(ErrorKind::Io, fmt::format("Repository {} is not writable", path_),
              {.path = path_,
               .hint = "check the owner and the permissions of its objects directory, and that its "
                       "file system is mounted writable"});
}

RepoLock Repo::lock(os::LockMode mode, const CancelToken& cancel) const {
  const bool possible = writable_ || mode == os::LockMode::Shared;
  if (!possible || !config_.locking) return {};
  return RepoLock::acquire(dir_, mode, {config_.lock_timeout, cancel, writable_});
}

void Repo::write_config(KeyFile file) {
  parse_config(file);
  const auto before = os::try_stat({dir_, layout::config});
  const mode_t mode = before ? before->st_mode & 07777 : 0644;
  const std::string text = file.text();
  replace_file({dir_, layout::config}, as_bytes(text), true, mode);
  use_config(std::move(file));
}

void Repo::bump_mtime() {
  os::touch({dir_, "."});
}

}  // namespace xylem::repo
