#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_exchange.hpp"
#include "base/os/os_link.hpp"
#include "base/os/os_observer.hpp"

namespace xylem::os {

namespace {

long rename_with(const PathAt& from, const PathAt& to, unsigned flags) {
  return observed({.operation = Operation::Rename,
                   .path = &to,
                   .from = &from,
                   .flags = static_cast<int>(flags)},
                  [&] {
                    return ::renameat2(from.dir.get(), from.name.c_str(), to.dir.get(),
                                       to.name.c_str(), flags);
                  });
}

long remove_with(Operation operation, const PathAt& path, int flags) {
  return observed({.operation = operation, .path = &path},
                  [&] { return ::unlinkat(path.dir.get(), path.name.c_str(), flags); });
}

/// By the descriptor itself, which is quick, where the kernel lets everybody do that (Linux 6.10);
/// elsewhere by way of /proc.
int link_descriptor(FileDescriptor fd, const PathAt& to) {
  if (::linkat(fd.get(), "", to.dir.get(), to.name.c_str(), AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOENT) return -1;
  const std::string from = fmt::format("/proc/self/fd/{}", fd.get());
  return ::linkat(AT_FDCWD, from.c_str(), to.dir.get(), to.name.c_str(), AT_SYMLINK_FOLLOW);
}

/// 0, or an errno that callers of links expect.
int reason_of_link(long result, const PathAt& to) {
  if (result == 0) return 0;
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

}  // namespace

bool make_dir(const PathAt& path, mode_t mode) {
  const auto result = observed({.operation = Operation::MakeDir, .path = &path},
                               [&] { return ::mkdirat(path.dir.get(), path.name.c_str(), mode); });
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
  const auto result = observed({.operation = Operation::Link, .path = &to, .from = &from}, [&] {
    return ::linkat(from.dir.get(), from.name.c_str(), to.dir.get(), to.name.c_str(), 0);
  });
  return reason_of_link(result, to);
}

bool link(const PathAt& from, const PathAt& to) {
  const int error_number = try_link(from, to);
  if (error_number != 0 && error_number != EEXIST) fail(error_number, "Linking", path_of(to));
  return error_number == 0;
}

int try_link_fd(FileDescriptor fd, const PathAt& to) {
  return reason_of_link(observed({.operation = Operation::LinkNameless, .fd = fd, .path = &to},
                                 [&] { return link_descriptor(fd, to); }),
                        to);
}

bool link_fd(FileDescriptor fd, const PathAt& to) {
  const int error_number = try_link_fd(fd, to);
  if (error_number != 0 && error_number != EEXIST) fail(error_number, "Linking", path_of(to));
  return error_number == 0;
}

void symlink(std::string_view target, const PathAt& path) {
  if (!try_symlink(target, path)) fail(EEXIST, "Creating symbolic link", path_of(path));
}

bool try_symlink(std::string_view target, const PathAt& path) {
  const std::string text(target);
  const auto result =
      observed({.operation = Operation::Symlink, .path = &path, .bytes = as_bytes(target)},
               [&] { return ::symlinkat(text.c_str(), path.dir.get(), path.name.c_str()); });
  if (result == -1 && errno == EEXIST) return false;
  check(result, "Creating symbolic link", path);
  return true;
}

std::string read_link(const PathAt& path) {
  std::string target(PATH_MAX, '\0');
  const auto size = observed({.operation = Operation::ReadLink, .path = &path}, [&] {
    return ::readlinkat(path.dir.get(), path.name.c_str(), target.data(), target.size());
  });
  check(size, "Reading symbolic link", path);
  target.resize(static_cast<std::size_t>(size));
  return target;
}

void rename(const PathAt& from, const PathAt& to) {
  check(rename_with(from, to, 0), "Renaming to", to);
}

bool rename_noreplace(const PathAt& from, const PathAt& to) {
  if (rename_with(from, to, RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL) fail(errno, "Renaming to", path_of(to));
  // A file system without RENAME_NOREPLACE: a link refuses a taken name as well.
  if (!link(from, to)) return false;
  unlink(from);
  return true;
}

bool try_rename_dir(const PathAt& from, const PathAt& to) {
  if (rename_with(from, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EEXIST && errno != ENOTEMPTY && errno != EINVAL && errno != EXDEV)
    fail(errno, "Renaming to", path_of(to));
  return false;
}

bool try_exchange(const PathAt& a, const PathAt& b) {
  if (rename_with(a, b, RENAME_EXCHANGE) == 0) return true;
  if (errno != ENOENT && errno != EINVAL && errno != ENOSYS && errno != EXDEV)
    fail(errno, "Exchanging with", path_of(b));
  return false;
}

bool unlink(const PathAt& path) {
  const auto result = remove_with(Operation::Unlink, path, 0);
  if (result == -1 && errno == ENOENT) return false;
  check(result, "Removing", path);
  return true;
}

bool remove_dir(const PathAt& path) {
  const auto result = remove_with(Operation::RemoveDir, path, AT_REMOVEDIR);
  if (result == -1 && (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)) return false;
  check(result, "Removing directory", path);
  return true;
}

}  // namespace xylem::os
