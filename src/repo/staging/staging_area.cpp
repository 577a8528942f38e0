#include "repo/staging/staging_area.hpp"

#include <dirent.h>

#include <cerrno>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_link.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/object_error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

using Clock = std::chrono::steady_clock;

bool is_object_dir(const DirEntry& entry) {
  return entry.type == DT_DIR && entry.name.size() == 2;
}

void remove_empty_object_dirs(FileDescriptor dir) {
  for (const DirEntry& entry : list_directory(dir))
    if (is_object_dir(entry)) os::remove_dir({dir, entry.name});
}

}  // namespace

bool is_useful_alone(ObjectType type) {
  return type == ObjectType::File || type == ObjectType::DirTree || type == ObjectType::DirMeta;
}

StagingArea::StagingArea(const Repo& repo)
    : dir_(allocate_tmpdir(repo.tmp(), layout::staging_prefix())),
      store_(dir_.fd(), repo.mode(), repo.config().disable_xattrs),
      object_dirs_(dir_.fd(), repo.store().dir()),
      touched_(Clock::now().time_since_epoch().count()) {
  if (dir_.reused()) {
    object_dirs_.close_to_others();
    remove_temporaries();
  } else {
    checked_mark_ = LockFile::try_acquire({dir_.fd(), layout::checked_mark});
  }
}

StagingArea::~StagingArea() {
  try {
    if (dir_.valid()) remove_if_empty();
  } catch (const std::exception& error) {
    log_warning("The staging directory could not be removed: {}", error.what());
  }
}

PathAt StagingArea::temporary() {
  return {dir_.fd(), "tmp." + std::to_string(next_temporary_++)};
}

UniqueFd StagingArea::try_open_nameless(mode_t mode) {
  std::call_once(tried_nameless_, [this] { names_nameless_ = names_nameless_files(); });
  return names_nameless_ ? os::try_open_nameless(dir_.fd(), mode) : UniqueFd();
}

/// Some file systems have no such files, and without /proc older kernels give them no names.
bool StagingArea::names_nameless_files() try {
  const UniqueFd file = os::try_open_nameless(dir_.fd(), 0600);
  const PathAt path = temporary();
  return file.valid() && os::link_fd(file, path) && os::unlink(path);
} catch (const Error& error) {
  log_debug("Staging with temporary names: {}", error.what());
  return false;
}

bool StagingArea::place(const PathAt& temporary, const ObjectName& name) {
  touch_now_and_then();
  const std::lock_guard lock(guard_of(name));
  if (is_staged(name) && name.type != ObjectType::CommitMeta) return false;
  object_dirs_.make(name);
  os::rename(temporary, store_.path(name));
  staged_.insert(name);
  return true;
}

bool StagingArea::place(FileDescriptor nameless, const ObjectName& name) {
  touch_now_and_then();
  const std::lock_guard lock(guard_of(name));
  if (is_staged(name)) return false;
  object_dirs_.make(name);
  const PathAt target = store_.path(name);
  if (!os::link_fd(nameless, target)) {
    os::unlink(target);  // a left-over that nobody has checked
    if (!os::link_fd(nameless, target)) os::fail(EEXIST, "Staging", os::path_of(target));
  }
  staged_.insert(name);
  return true;
}

bool StagingArea::link(FileDescriptor file, const ObjectName& name, mode_t by_design) {
  if (!may_link(file, by_design)) return false;
  touch_now_and_then();
  const std::lock_guard lock(guard_of(name));
  if (is_staged(name)) return true;
  object_dirs_.make(name);
  const PathAt target = store_.path(name);
  if (dir_.reused()) os::unlink(target);
  if (os::try_link_fd(file, target) != 0) return false;
  staged_.insert(name);
  return true;
}

bool StagingArea::may_link(FileDescriptor file, mode_t by_design) const {
  const struct stat info = os::stat(file);
  return info.st_dev == object_dirs_.device() &&
         repo::may_trust(info, object_dirs_.keepers(), by_design);
}

bool StagingArea::may_trust(FileDescriptor file) const {
  return repo::may_trust(os::stat(file), object_dirs_.keepers());
}

bool StagingArea::has(const ObjectName& name) {
  return is_staged(name) || (dir_.reused() && adopt(name));
}

bool StagingArea::adopt(const ObjectName& name) {
  const std::lock_guard lock(guard_of(name));
  if (is_staged(name)) return true;
  if (!store_.has(name) || !verify_or_remove(name)) return false;
  staged_.insert(name);
  ++adopted_;
  return true;
}

bool StagingArea::is_still_good(const ObjectName& name) {
  const std::lock_guard lock(guard_of(name));
  if (verify_or_remove(name)) return true;
  staged_.erase(name);
  return false;
}

/// Of what somebody left where others could enter, an inode may be theirs.
void StagingArea::require_trusted(const ObjectName& name) const {
  if (object_dirs_.always_private()) return;
  const auto info = os::try_stat(store_.path(name));
  const mode_t by_design = object::is_metadata(name.type) ? 0 : S_IWGRP;
  if (info && !S_ISLNK(info->st_mode) && !repo::may_trust(*info, object_dirs_.keepers(), by_design))
    throw_corrupt(name, "another user can change it");
}

bool StagingArea::verify_or_remove(const ObjectName& name) const try {
  require_trusted(name);
  verify_object(store_, name);
  return true;
} catch (const Error& error) {
  if (error.kind() != ErrorKind::Corrupt) throw;
  log_warning("Removing a damaged object left in {}: {}", dir_.name(), error.what());
  store_.remove(name);
  return false;
}

void StagingArea::adopt_left_overs(const LooseStore& published, const CancelToken& cancel) {
  if (!dir_.reused()) return;
  std::vector<ObjectName> left;
  store_.for_each([&](const ObjectName& name) {
    if (is_useful_alone(name.type) && !is_staged(name) && !published.has(name))
      left.push_back(name);
  });
  for (const ObjectName& name : left) {
    cancel.check();
    adopt(name);
  }
}

void StagingArea::remove() {
  checked_mark_.release();
  dir_.remove();
}

void StagingArea::remove_if_empty() {
  checked_mark_.release();
  remove_empty_object_dirs(dir_.fd());
  if (list_directory(dir_.fd()).empty()) dir_.remove();
}

std::mutex& StagingArea::guard_of(const ObjectName& name) {
  return guards_[layout::prefix_of(name)];
}

/// Those who clean by age must see that somebody lives here.
void StagingArea::touch_now_and_then() {
  constexpr auto interval = std::chrono::minutes(10);
  const auto now = Clock::now().time_since_epoch();
  auto last = touched_.load();
  if (now - Clock::duration(last) < interval) return;
  if (touched_.compare_exchange_strong(last, now.count())) dir_.touch();
}

void StagingArea::remove_temporaries() const {
  for (const DirEntry& entry : list_directory(dir_.fd()))
    if (!is_object_dir(entry)) remove_tree({dir_.fd(), entry.name});
}

}  // namespace xylem::repo
