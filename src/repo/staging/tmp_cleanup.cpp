#include "repo/staging/tmp_cleanup.hpp"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/disk_usage.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/tmp_rules.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Removes entries one by one and keeps count of what happens.
class TmpCleaner {
 public:
  TmpCleaner(FileDescriptor tmp, std::chrono::seconds expiry, CleanUp how)
      : tmp_(tmp), rules_{layout::staging_prefix(), std::time(nullptr), expiry}, how_(how) {}

  void clean(const DirEntry& entry) {
    if (rules_.is_kept(entry.name)) return;
    try {
      if (entry.type == DT_DIR)
        clean_dir(entry.name);
      else if (entry.name.ends_with(layout::lock_suffix))
        clean_lock(entry.name);
      else
        clean_file(entry.name);
    } catch (const Error& error) {
      if (!is_for_another_user(entry.name, error)) result_.failures.add(error);
    }
  }

  TmpCleanup take_result() { return std::move(result_); }

 private:
  bool is_unneeded(const std::string& name) const {
    const auto info = os::try_stat({tmp_, name});
    if (!info) return false;
    const bool is_dir = S_ISDIR(info->st_mode);
    return rules_.is_unneeded(name, is_dir, info->st_mtime) ||
           (how_ == CleanUp::Unlocked && TmpRules::is_tmpdir(name));
  }

  void clean_dir(const std::string& name) {
    if (!is_unneeded(name)) return;
    const TmpDirLock lock = TmpDirLock::try_acquire({tmp_, name});
    if (!lock.held()) {
      result_.in_use.push_back(name);
      return;
    }
    // Looked at again: it may have had another life until the lock was ours.
    if (is_unneeded(name)) count(name, remove_tree({tmp_, name}));
  }

  void clean_file(const std::string& name) {
    if (is_unneeded(name)) count(name, os::unlink({tmp_, name}));
  }

  /// Beside a directory it goes with that; alone it goes if nobody holds it.
  void clean_lock(const std::string& name) {
    constexpr std::size_t suffix_size = sizeof layout::lock_suffix - 1;
    if (!TmpRules::is_lock_of_tmpdir(name) && !is_unneeded(name)) return;
    const PathAt dir{tmp_, name.substr(0, name.size() - suffix_size)};
    // It may have gone with its directory just now.
    if (os::exists(dir) || !os::exists({tmp_, name})) return;
    const LockFile lock = LockFile::try_acquire({tmp_, name});
    if (lock.held())
      count(name, true);
    else
      result_.in_use.push_back(name);
  }

  void count(const std::string& name, bool removed) {
    if (removed) result_.removed.push_back(name);
  }

  bool is_for_another_user(const std::string& name, const Error& error) const {
    const int reason = error.details().system_errno;
    if (reason != EACCES && reason != EPERM) return false;
    const auto info = os::try_stat({tmp_, name});
    return info && info->st_uid != ::geteuid();
  }

  FileDescriptor tmp_;
  TmpRules rules_;
  CleanUp how_;
  TmpCleanup result_;
};

std::optional<TmpEntry> look_at(FileDescriptor tmp, const std::string& name) try {
  const PathAt path{tmp, name};
  const auto info = os::try_stat(path);
  if (!info || !S_ISDIR(info->st_mode)) return std::nullopt;
  return TmpEntry{name, disk_usage(path), info->st_mtime, is_in_use(path)};
} catch (const Error& error) {
  log_debug("tmp/{} is not listed: {}", name, error.what());
  return std::nullopt;
}

}  // namespace

TmpCleanup clean_tmp(FileDescriptor tmp, std::chrono::seconds expiry, const CancelToken& cancel,
                     CleanUp how) {
  TmpCleaner cleaner(tmp, expiry, how);
  // People remove tmp/ to get space back.
  if (!tmp.valid() || !os::exists({tmp, "."})) return {};
  for (const DirEntry& entry : list_directory(tmp)) {
    cancel.check();
    cleaner.clean(entry);
  }
  return cleaner.take_result();
}

std::vector<TmpEntry> list_tmp(FileDescriptor tmp) {
  std::vector<TmpEntry> entries;
  if (!tmp.valid() || !os::exists({tmp, "."})) return entries;
  for (const DirEntry& entry : list_directory(tmp)) {
    if (!TmpRules::is_tmpdir(entry.name)) continue;
    if (auto found = look_at(tmp, entry.name)) entries.push_back(std::move(*found));
  }
  std::ranges::sort(entries, {}, &TmpEntry::name);
  return entries;
}

// Several passes, since processes end and leave files while the first one runs. A directory goes
// only under its lock, which its owner would hold if it lived; a lock file goes after its
// directory, and only if it can be locked. What is young stays even without an owner, unless
// all shall go: the next pull continues it.
TmpCleanup recover(const Repo& repo, const CancelToken& cancel, CleanUp how) {
  repo.require_writable();
  constexpr int max_passes = 3;
  TmpCleanup total;
  for (int pass = 0; pass < max_passes; ++pass) {
    TmpCleanup cleanup = clean_tmp(repo.tmp(), repo.config().tmp_expiry, cancel, how);
    total.removed.insert(total.removed.end(), cleanup.removed.begin(), cleanup.removed.end());
    total.in_use = std::move(cleanup.in_use);
    total.failures = std::move(cleanup.failures);
    if (total.failures.empty()) break;
  }
  return total;
}

}  // namespace xylem::repo
