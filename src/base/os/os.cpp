#include "base/os/os.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "base/os/os_check.hpp"
#include "base/os/os_open.hpp"
#include "xylem/error.hpp"

namespace xylem::os {

namespace {

ErrorKind kind_of(int error_number) {
  return error_number == ENOSPC || error_number == EDQUOT ? ErrorKind::NoSpace : ErrorKind::Io;
}

std::string_view hint_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some space on this file system and try again";
    case EACCES:
    case EPERM:
      return "check the owner and the permissions of the path, or run as another user";
    case EROFS:
      return "mount the file system writable, or use a repository elsewhere";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return {};
  }
}

int try_open_raw(const PathAt& path, int flags, mode_t mode) {
  return open_observed(path, flags, [&](int all_flags) {
    return ::openat(path.dir.get(), path.name.c_str(), all_flags, mode);
  });
}

std::string fd_link(FileDescriptor fd) {
  return fmt::format("/proc/self/fd/{}", fd.get());
}

}  // namespace

void fail(int error_number, std::string_view what, std::string_view path) {
  ErrorDetails details;
  details.path = path;
  details.system_errno = error_number;
  details.hint = hint_for(error_number);
  throw Error(kind_of(error_number),
              fmt::format("{} {}: {}", what, path, std::strerror(error_number)),
              std::move(details));
}

UniqueFd open(const PathAt& path, int flags, mode_t mode) {
  const int fd = try_open_raw(path, flags, mode);
  check(fd, "Opening", path);
  return UniqueFd(fd);
}

UniqueFd try_open(const PathAt& path, int flags, mode_t mode) {
  const int fd = try_open_raw(path, flags, mode);
  if (fd == -1 && errno == ENOENT) return {};
  check(fd, "Opening", path);
  return UniqueFd(fd);
}

UniqueFd open_dir(const PathAt& path) {
  return open(path, O_RDONLY | O_DIRECTORY);
}

UniqueFd try_open_dir(const PathAt& path) {
  return try_open(path, O_RDONLY | O_DIRECTORY);
}

UniqueFd duplicate(FileDescriptor fd) {
  const auto copy = observed({.operation = Operation::Duplicate, .fd = fd},
                             [&] { return ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0); });
  check(copy, "Duplicating", fd);
  return UniqueFd(static_cast<int>(copy));
}

UniqueFd try_open_nameless(FileDescriptor dir, mode_t mode) {
  const PathAt path{dir, "."};
  const int flags = O_TMPFILE | O_RDWR | always_flags;
  const auto fd = observed({.operation = Operation::CreateNameless, .path = &path, .flags = flags},
                           [&] { return ::openat(dir.get(), path.name.c_str(), flags, mode); });
  if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) return {};
  check(fd, "Creating a file in", dir);
  return UniqueFd(static_cast<int>(fd));
}

struct stat stat(FileDescriptor fd) {
  struct stat info {};
  const auto result =
      observed({.operation = Operation::Stat, .fd = fd}, [&] { return ::fstat(fd.get(), &info); });
  check(result, "Looking at", fd);
  return info;
}

bool same_file(const struct stat& a, const struct stat& b) noexcept {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

void require_regular(FileDescriptor fd, const PathAt& path) {
  if (!S_ISREG(stat(fd).st_mode)) fail(EINVAL, "Reading what is no regular file,", path_of(path));
}

std::optional<struct stat> try_stat(const PathAt& path) {
  struct stat info {};
  const auto result = observed({.operation = Operation::Stat, .path = &path}, [&] {
    return ::fstatat(path.dir.get(), path.name.c_str(), &info, AT_SYMLINK_NOFOLLOW);
  });
  if (result == -1 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  check(result, "Looking at", path);
  return info;
}

bool exists(const PathAt& path) {
  return try_stat(path).has_value();
}

bool is_writable(const PathAt& path) {
  const auto result = observed({.operation = Operation::Stat, .path = &path}, [&] {
    return ::faccessat(path.dir.get(), path.name.c_str(), W_OK, 0);
  });
  if (result == -1 && (errno == EACCES || errno == EPERM || errno == EROFS)) return false;
  check(result, "Looking at", path);
  return true;
}

void fsync(FileDescriptor fd) {
  check(observed({.operation = Operation::Sync, .fd = fd}, [&] { return ::fsync(fd.get()); }),
        "Flushing", fd);
}

void fdatasync(FileDescriptor fd) {
  check(observed({.operation = Operation::Sync, .fd = fd}, [&] { return ::fdatasync(fd.get()); }),
        "Flushing", fd);
}

void syncfs(FileDescriptor fd) {
  check(observed({.operation = Operation::SyncFileSystem, .fd = fd},
                 [&] { return ::syncfs(fd.get()); }),
        "syncfs: Flushing the file system of", fd);
}

SpaceLeft space_left(FileDescriptor fd) {
  struct statvfs info {};
  check(observed({.operation = Operation::Space, .fd = fd},
                 [&] { return ::fstatvfs(fd.get(), &info); }),
        "Measuring free space of", fd);
  return {info.f_frsize, info.f_blocks, info.f_bfree, info.f_bavail};
}

std::string path_of(FileDescriptor fd) {
  if (fd.get() == AT_FDCWD) return ".";
  const int saved_errno = errno;  // callers pass errno beside the path, in whatever order
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(fd_link(fd).c_str(), target.data(), target.size());
  errno = saved_errno;
  if (size <= 0) return fmt::format("(descriptor {})", fd.get());
  return {target.data(), static_cast<std::size_t>(size)};
}

std::string path_of(const PathAt& path) {
  if (path.dir.get() == AT_FDCWD || path.name.starts_with('/')) return path.name;
  return path_of(path.dir) + "/" + path.name;
}

}  // namespace xylem::os
