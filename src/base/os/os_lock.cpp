#include "base/os/os_lock.hpp"

#include <sys/file.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_observer.hpp"
#include "xylem/error.hpp"

namespace xylem::os {

namespace {

struct flock make_lock(short type, LockRange range) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = range.start;
  lock.l_len = range.size;
  return lock;
}

long lock_call(Operation operation, FileDescriptor fd, int command, struct flock& lock) {
  return observed({.operation = operation, .fd = fd},
                  [&] { return ::fcntl(fd.get(), command, &lock); });
}

short lock_type(LockMode mode) {
  return mode == LockMode::Shared ? F_RDLCK : F_WRLCK;
}

bool refused(int error_number) {
  return error_number == EAGAIN || error_number == EACCES || error_number == EWOULDBLOCK;
}

/// Where open-file-description locks do not exist, as libostree does.
bool try_flock(FileDescriptor fd, LockMode mode) {
  const int operation = (mode == LockMode::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  if (observed({.operation = Operation::Lock, .fd = fd},
               [&] { return ::flock(fd.get(), operation); }) == 0)
    return true;
  if (refused(errno)) return false;
  fail(errno, "Locking", path_of(fd));
}

/// Whether a process has the file open, with a lock of ours in its fdinfo. False for a process that
/// is gone, or not ours to look at.
bool holds_lock(std::string_view pid, const std::string& inode_mark) try {
  const UniqueFd infos = try_open_dir({FileDescriptor::cwd(), fmt::format("/proc/{}/fdinfo", pid)});
  if (!infos.valid()) return false;
  for (const DirEntry& entry : list_directory(infos)) {
    std::ifstream info(fmt::format("/proc/{}/fdinfo/{}", pid, entry.name));
    for (std::string line; std::getline(info, line);)
      if (line.starts_with("lock:") && line.find(inode_mark) != std::string::npos) return true;
  }
  return false;
} catch (const Error&) {
  return false;
}

std::string inode_mark(FileDescriptor fd) {
  const struct stat info = stat(fd);
  return fmt::format("{:02x}:{:02x}:{}", major(info.st_dev), minor(info.st_dev), info.st_ino);
}

/// Whether a process is this user's, or root's, with all its user ids: whoever starts a program
/// that is setuid stays its real user. False for one that is gone.
bool is_keeper(const std::string& pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  std::string line;
  while (std::getline(status, line) && !line.starts_with("Uid:")) line.clear();
  std::istringstream words(line);
  std::string key;
  words >> key;
  int keepers = 0;
  for (uid_t uid = 0; words >> uid; ++keepers)
    if (uid != ::geteuid() && uid != 0) return false;
  return keepers > 0;
}

/// The processes that took the locks which /proc/locks has of the file: they may have ended since,
/// and handed their lock on. A line reads "1: FLOCK ADVISORY WRITE 123 08:01:456 0 EOF"; those who
/// wait have "->" behind the number.
std::vector<std::string> takers_of_flocks(FileDescriptor fd) {
  const std::string wanted = inode_mark(fd);
  std::ifstream locks("/proc/locks");
  std::vector<std::string> takers;
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, advisory, mode, pid, inode;
    words >> number >> kind >> advisory >> mode >> pid >> inode;
    if (kind == "FLOCK" && inode == wanted) takers.push_back(pid);
  }
  return takers;
}

/// Whether it is known who has flocked the file, and none of them is of this user or of root. A
/// keeper that lets go and ends between two looks takes its entry with it; a lock that was handed
/// on keeps the entry of who took it.
bool is_flocked_by_strangers_only(FileDescriptor fd) try {
  const std::vector<std::string> takers = takers_of_flocks(fd);
  return !takers.empty() && std::ranges::none_of(takers, is_keeper) &&
         takers_of_flocks(fd) == takers;
} catch (const Error&) {
  return false;
}

}  // namespace

bool try_lock(FileDescriptor fd, LockMode mode, LockRange range) {
  struct flock lock = make_lock(lock_type(mode), range);
  if (lock_call(Operation::Lock, fd, F_OFD_SETLK, lock) == 0) return true;
  if (refused(errno)) return false;
  if (errno == EINVAL && range.start == 0 && range.size == 0) return try_flock(fd, mode);
  fail(errno, "Locking", path_of(fd));
}

void unlock(FileDescriptor fd, LockRange range) {
  struct flock lock = make_lock(F_UNLCK, range);
  if (lock_call(Operation::Unlock, fd, F_OFD_SETLK, lock) == 0) return;
  if (errno == EINVAL && ::flock(fd.get(), LOCK_UN) == 0) return;
  fail(errno, "Unlocking", path_of(fd));
}

/// Whoever may read a directory can lock it like that: a lock that only processes of other users
/// hold is passed over, as far as /proc tells.
bool try_lock_dir(FileDescriptor dir, LockMode mode) {
  const int operation = (mode == LockMode::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  const long result = observed({.operation = Operation::Lock, .fd = dir},
                               [&] { return ::flock(dir.get(), operation); });
  return result == 0 || errno != EWOULDBLOCK || is_flocked_by_strangers_only(dir);
}

void unlock_dir(FileDescriptor dir) noexcept {
  observed({.operation = Operation::Unlock, .fd = dir},
           [&] { return ::flock(dir.get(), LOCK_UN); });
}

/// Asks by locking for a moment, as there is no other way.
bool is_dir_locked(FileDescriptor dir) {
  const UniqueFd own = open_dir({dir, "."});  // whoever shares `dir` may have it locked
  const long result = observed({.operation = Operation::AskLock, .fd = own},
                               [&] { return ::flock(own.get(), LOCK_SH | LOCK_NB); });
  return result != 0 && errno == EWOULDBLOCK && !is_flocked_by_strangers_only(own);
}

bool is_locked(FileDescriptor fd, LockMode mode, LockRange range) {
  struct flock lock = make_lock(lock_type(mode), range);
  check(lock_call(Operation::AskLock, fd, F_OFD_GETLK, lock), "Asking for a lock on", fd);
  return lock.l_type != F_UNLCK;
}

pid_t lock_holder(FileDescriptor fd) try {
  const std::string mark = inode_mark(fd) + " ";
  const UniqueFd proc = open_dir({FileDescriptor::cwd(), "/proc"});
  for (const DirEntry& entry : list_directory(proc)) {
    if (entry.name.find_first_not_of("0123456789") != std::string::npos) continue;
    const pid_t pid = static_cast<pid_t>(std::stol(entry.name));
    if (pid != ::getpid() && holds_lock(entry.name, mark)) return pid;
  }
  return holds_lock("self", mark) ? ::getpid() : 0;
} catch (const std::exception&) {
  return 0;  // only a message wants to know
}

}  // namespace xylem::os
