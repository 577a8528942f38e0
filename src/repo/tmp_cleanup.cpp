#include <dirent.h>
#include <fmt/format.h>

#include <cerrno>
#include <ctime>
#include <optional>

#include "base/directory.hpp"
#include "base/os.hpp"
#include "repo/layout.hpp"
#include "repo/tmp_rules.hpp"
#include "repo/tmpdir.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Removes entries one by one and keeps count of what happens.
class TmpCleaner {
 public:
  TmpCleaner(FileDescriptor tmp, std::chrono::seconds expiry)
      : tmp_(tmp), rules_{layout::staging_prefix(), std::time(nullptr), expiry} {}

  void clean(const DirEntry& entry) {
    try {
      if (rules_.is_kept(entry.name) || !is_unneeded(entry.name)) return;
      if (entry.type == DT_DIR)
        remove_dir(entry.name);
      else
        remove_file(entry.name);
    } catch (const Error& error) {
      // Another user's left-overs are for that user to remove.
      if (error.details().system_errno == EACCES || error.details().system_errno == EPERM) return;
      ++failures_;
      if (!first_error_) first_error_ = error;
    }
  }

  std::size_t finish() const {
    if (!first_error_) return removed_;
    throw Error(first_error_->kind(),
                fmt::format("{} left-overs could not be removed from {}; the first: {}", failures_,
                            os::path_of(tmp_), first_error_->what()),
                first_error_->details());
  }

 private:
  bool is_unneeded(const std::string& name) const {
    const auto info = os::try_stat({tmp_, name});
    return info && rules_.is_unneeded(name, S_ISDIR(info->st_mode), info->st_mtime);
  }

  void remove_dir(const std::string& name) {
    const LockFile lock = try_lock_tmpdir({tmp_, name});
    // Looked at again: it may have had another life until the lock was ours.
    if (lock.held() && is_unneeded(name)) removed_ += remove_tree({tmp_, name});
  }

  void remove_file(const std::string& name) {
    if (!name.ends_with(layout::lock_suffix)) {
      removed_ += os::unlink({tmp_, name});
      return;
    }
    // Beside a directory it goes with that; alone it goes if nobody holds it.
    if (os::exists({tmp_, name.substr(0, name.size() - sizeof layout::lock_suffix + 1)})) return;
    removed_ += LockFile::try_acquire({tmp_, name}).held();
  }

  FileDescriptor tmp_;
  TmpRules rules_;
  std::size_t removed_ = 0;
  std::size_t failures_ = 0;
  std::optional<Error> first_error_;
};

}  // namespace

std::size_t clean_tmp(FileDescriptor tmp, std::chrono::seconds expiry) {
  TmpCleaner cleaner(tmp, expiry);
  for (const DirEntry& entry : list_directory(tmp)) cleaner.clean(entry);
  return cleaner.finish();
}

}  // namespace xylem::repo
