#include "base/os.hpp"

#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "xylem/error.hpp"

namespace xylem::os {

namespace {

constexpr int always_flags = O_CLOEXEC | O_NOCTTY;
constexpr std::size_t max_io = 1U << 30;

/// Calls until it is not interrupted.
template <typename Call>
auto retry(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

void check(long result, std::string_view what, const PathAt& path) {
  if (result == -1) fail(errno, what, path_of(path));
}

void check(long result, std::string_view what, FileDescriptor fd) {
  if (result == -1) fail(errno, what, path_of(fd));
}

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
  return retry(
      [&] { return ::openat(path.dir.get(), path.name.c_str(), flags | always_flags, mode); });
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

UniqueFd open_beneath(const PathAt& path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | always_flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long fd = retry(
      [&] { return ::syscall(SYS_openat2, path.dir.get(), path.name.c_str(), &how, sizeof how); });
  if (fd == -1 && errno == EXDEV)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} leads out of its directory", path_of(path)));
  check(fd, "Opening", path);
  return UniqueFd(static_cast<int>(fd));
}

UniqueFd duplicate(FileDescriptor fd) {
  const int copy = ::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0);
  check(copy, "Duplicating", fd);
  return UniqueFd(copy);
}

UniqueFd try_open_nameless(FileDescriptor dir, mode_t mode) {
  const int fd = try_open_raw({dir, "."}, O_TMPFILE | O_RDWR, mode);
  if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) return {};
  check(fd, "Creating a file in", dir);
  return UniqueFd(fd);
}

std::size_t read_at(FileDescriptor fd, MutableByteView buffer, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const std::size_t want = std::min(buffer.size() - done, max_io);
    const ssize_t count = retry([&] {
      return ::pread(fd.get(), buffer.data() + done, want, static_cast<off_t>(offset + done));
    });
    check(count, "Reading", fd);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t read_some(FileDescriptor fd, MutableByteView buffer) {
  const ssize_t count =
      retry([&] { return ::read(fd.get(), buffer.data(), std::min(buffer.size(), max_io)); });
  check(count, "Reading", fd);
  return static_cast<std::size_t>(count);
}

void write_all(FileDescriptor fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        retry([&] { return ::write(fd.get(), bytes.data(), std::min(bytes.size(), max_io)); });
    check(count, "Writing", fd);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void write_all_at(FileDescriptor fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count = retry([&] {
      return ::pwrite(fd.get(), bytes.data(), std::min(bytes.size(), max_io),
                      static_cast<off_t>(offset));
    });
    check(count, "Writing", fd);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

Bytes read_file(FileDescriptor fd, std::uint64_t limit) {
  const auto size = static_cast<std::uint64_t>(stat(fd).st_size);
  if (size > limit)
    throw Error(ErrorKind::Corrupt,
                fmt::format("{} has {} bytes, more than the {} allowed", path_of(fd), size, limit));
  Bytes bytes(size);
  bytes.resize(read_at(fd, bytes, 0));
  return bytes;
}

std::optional<Bytes> try_read_file(const PathAt& path, std::uint64_t limit) {
  const UniqueFd fd = try_open(path, O_RDONLY);
  if (!fd.valid()) return std::nullopt;
  return read_file(fd, limit);
}

void copy_file(FileDescriptor from, FileDescriptor to, std::uint64_t size) {
  std::uint64_t done = 0;
  while (done < size) {
    off_t in = static_cast<off_t>(done);
    off_t out = in;
    const ssize_t count =
        retry([&] { return ::copy_file_range(from.get(), &in, to.get(), &out, size - done, 0); });
    if (count <= 0) break;  // not between these file systems: copy by hand
    done += static_cast<std::uint64_t>(count);
  }
  Bytes buffer(done < size ? std::min<std::uint64_t>(size - done, 1U << 17) : 0);
  while (done < size) {
    const std::size_t count = read_at(from, buffer, done);
    if (count == 0) fail(EIO, "Copying", path_of(from));
    write_all_at(to, ByteView(buffer).first(count), done);
    done += count;
  }
}

void truncate(FileDescriptor fd, std::uint64_t size) {
  check(retry([&] { return ::ftruncate(fd.get(), static_cast<off_t>(size)); }), "Resizing", fd);
}

void start_writeback(FileDescriptor fd) noexcept {
  ::sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool make_dir(const PathAt& path, mode_t mode) {
  const int result = ::mkdirat(path.dir.get(), path.name.c_str(), mode);
  if (result == -1 && errno == EEXIST) return false;
  check(result, "Creating directory", path);
  return true;
}

void make_dirs(const PathAt& path, mode_t mode) {
  for (std::size_t slash = path.name.find('/', 1); slash != std::string::npos;
       slash = path.name.find('/', slash + 1))
    make_dir({path.dir, path.name.substr(0, slash)}, mode);
  make_dir(path, mode);
}

int try_link(const PathAt& from, const PathAt& to) {
  if (::linkat(from.dir.get(), from.name.c_str(), to.dir.get(), to.name.c_str(), 0) == 0) return 0;
  switch (errno) {
    case EEXIST:
    case EXDEV:
    case EPERM:
    case EMLINK:
    case ENOENT:
      return errno;
    default:
      fail(errno, "Linking", path_of(to));
  }
}

bool link(const PathAt& from, const PathAt& to) {
  const int error_number = try_link(from, to);
  if (error_number != 0 && error_number != EEXIST) fail(error_number, "Linking", path_of(to));
  return error_number == 0;
}

bool link_fd(FileDescriptor fd, const PathAt& to) {
  const int result =
      ::linkat(AT_FDCWD, fd_link(fd).c_str(), to.dir.get(), to.name.c_str(), AT_SYMLINK_FOLLOW);
  if (result == -1 && errno == EEXIST) return false;
  check(result, "Linking", to);
  return true;
}

void symlink(std::string_view target, const PathAt& path) {
  if (!try_symlink(target, path)) fail(EEXIST, "Creating symbolic link", path_of(path));
}

bool try_symlink(std::string_view target, const PathAt& path) {
  const int result = ::symlinkat(std::string(target).c_str(), path.dir.get(), path.name.c_str());
  if (result == -1 && errno == EEXIST) return false;
  check(result, "Creating symbolic link", path);
  return true;
}

std::string read_link(const PathAt& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size =
      ::readlinkat(path.dir.get(), path.name.c_str(), target.data(), target.size());
  check(size, "Reading symbolic link", path);
  target.resize(static_cast<std::size_t>(size));
  return target;
}

void rename(const PathAt& from, const PathAt& to) {
  check(::renameat(from.dir.get(), from.name.c_str(), to.dir.get(), to.name.c_str()), "Renaming to",
        to);
}

bool rename_noreplace(const PathAt& from, const PathAt& to) {
  if (::renameat2(from.dir.get(), from.name.c_str(), to.dir.get(), to.name.c_str(),
                  RENAME_NOREPLACE) == 0)
    return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL) fail(errno, "Renaming to", path_of(to));
  // A file system without RENAME_NOREPLACE: a link refuses a taken name as well.
  if (!link(from, to)) return false;
  unlink(from);
  return true;
}

bool unlink(const PathAt& path) {
  const int result = ::unlinkat(path.dir.get(), path.name.c_str(), 0);
  if (result == -1 && errno == ENOENT) return false;
  check(result, "Removing", path);
  return true;
}

bool remove_dir(const PathAt& path) {
  const int result = ::unlinkat(path.dir.get(), path.name.c_str(), AT_REMOVEDIR);
  if (result == -1 && (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)) return false;
  check(result, "Removing directory", path);
  return true;
}

struct stat stat(FileDescriptor fd) {
  struct stat info {};
  check(::fstat(fd.get(), &info), "Looking at", fd);
  return info;
}

std::optional<struct stat> try_stat(const PathAt& path) {
  struct stat info {};
  const int result = ::fstatat(path.dir.get(), path.name.c_str(), &info, AT_SYMLINK_NOFOLLOW);
  if (result == -1 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  check(result, "Looking at", path);
  return info;
}

bool exists(const PathAt& path) {
  return try_stat(path).has_value();
}

bool is_writable(const PathAt& path) {
  const int result = ::faccessat(path.dir.get(), path.name.c_str(), W_OK, 0);
  if (result == -1 && (errno == EACCES || errno == EPERM || errno == EROFS)) return false;
  check(result, "Looking at", path);
  return true;
}

void fsync(FileDescriptor fd) {
  check(retry([&] { return ::fsync(fd.get()); }), "Flushing", fd);
}

void fdatasync(FileDescriptor fd) {
  check(retry([&] { return ::fdatasync(fd.get()); }), "Flushing", fd);
}

void syncfs(FileDescriptor fd) {
  check(retry([&] { return ::syncfs(fd.get()); }), "Flushing the file system of", fd);
}

SpaceLeft space_left(FileDescriptor fd) {
  struct statvfs info {};
  check(retry([&] { return ::fstatvfs(fd.get(), &info); }), "Measuring free space of", fd);
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
