#include "base/os/os_metadata.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>

#include "base/os/os.hpp"
#include "base/os/os_check.hpp"
#include "base/os/os_observer.hpp"

namespace xylem::os {

namespace {

template <typename Path>
void check_xattr(long result, std::string_view what, const std::string& name, const Path& path) {
  if (result == -1)
    fail(errno, fmt::format("{} extended attribute {} of", what, name), path_of(path));
}

/// How the xattr calls name a file without following it.
std::string proc_path(const PathAt& path) {
  if (path.dir.get() == AT_FDCWD || path.name.starts_with('/')) return path.name;
  return fmt::format("/proc/self/fd/{}/{}", path.dir.get(), path.name);
}

bool means_none(int error_number) {
  return error_number == ENODATA || error_number == ENOTSUP;
}

/// Calls `get(buffer, size)` with a growing buffer until the value fits.
template <typename Get, typename Path>
std::optional<Bytes> read_growing(Get get, std::string_view what, const Path& path) {
  Bytes buffer(256);
  for (;;) {
    const auto size = observed({.operation = Operation::ReadAttribute},
                               [&] { return get(buffer.data(), buffer.size()); });
    if (size >= 0) {
      buffer.resize(static_cast<std::size_t>(size));
      return buffer;
    }
    if (means_none(errno)) return std::nullopt;
    if (errno != ERANGE) fail(errno, what, path_of(path));
    buffer.resize(buffer.size() * 4);
  }
}

std::optional<Bytes> get_by_fd(int fd, const std::string& name) {
  return read_growing(
      [&](void* data, std::size_t size) { return ::fgetxattr(fd, name.c_str(), data, size); },
      "Reading extended attribute of", FileDescriptor(fd));
}

std::optional<Bytes> get_by_path(const std::string& path, const std::string& name) {
  return read_growing(
      [&](void* data, std::size_t size) {
        return ::lgetxattr(path.c_str(), name.c_str(), data, size);
      },
      "Reading extended attribute of", PathAt{FileDescriptor::cwd(), path});
}

std::vector<std::string> split_names(const Bytes& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start < list.size();) {
    names.emplace_back(reinterpret_cast<const char*>(list.data() + start));
    start += names.back().size() + 1;
  }
  return names;
}

template <typename Get>
std::vector<ExtendedAttribute> read_values(const std::optional<Bytes>& list, Get get) {
  std::vector<ExtendedAttribute> attributes;
  if (!list) return attributes;
  for (std::string& name : split_names(*list))
    if (auto value = get(name)) attributes.push_back({std::move(name), std::move(*value)});
  return attributes;
}

std::array<timespec, 2> both(time_t seconds) {
  return {timespec{seconds, 0}, timespec{seconds, 0}};
}

/// Null means now.
long set_times(const PathAt& path, const timespec* times) {
  return observed({.operation = Operation::SetTimes, .path = &path}, [&] {
    return ::utimensat(path.dir.get(), path.name.c_str(), times, AT_SYMLINK_NOFOLLOW);
  });
}

long set_by_fd(FileDescriptor fd, const std::string& name, ByteView value) {
  return observed({.operation = Operation::SetAttribute, .fd = fd}, [&] {
    return ::fsetxattr(fd.get(), name.c_str(), value.data(), value.size(), 0);
  });
}

}  // namespace

void set_mode(FileDescriptor fd, mode_t mode) {
  const auto result = observed({.operation = Operation::SetMode, .fd = fd},
                               [&] { return ::fchmod(fd.get(), mode); });
  check(result, "Setting the mode of", fd);
}

void ensure_mode(FileDescriptor fd, mode_t mode) {
  constexpr mode_t permission_bits = 07777;
  if ((stat(fd).st_mode & permission_bits) != mode) set_mode(fd, mode);
}

void set_owner(FileDescriptor fd, uid_t uid, gid_t gid) {
  const auto result = observed({.operation = Operation::SetOwner, .fd = fd},
                               [&] { return ::fchown(fd.get(), uid, gid); });
  check(result, "Setting the owner of", fd);
}

void set_owner(const PathAt& path, uid_t uid, gid_t gid) {
  const auto result = observed({.operation = Operation::SetOwner, .path = &path}, [&] {
    return ::fchownat(path.dir.get(), path.name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW);
  });
  check(result, "Setting the owner of", path);
}

void set_mtime(FileDescriptor fd, time_t seconds) {
  const auto times = both(seconds);
  const auto result = observed({.operation = Operation::SetTimes, .fd = fd},
                               [&] { return ::futimens(fd.get(), times.data()); });
  check(result, "Setting the time of", fd);
}

void set_mtime(const PathAt& path, time_t seconds) {
  const auto times = both(seconds);
  check(set_times(path, times.data()), "Setting the time of", path);
}

bool touch(const PathAt& path) {
  if (set_times(path, nullptr) == 0) return true;
  if (errno == ENOENT) return false;
  fail(errno, "Setting the time of", path_of(path));
}

std::vector<ExtendedAttribute> list_xattrs(FileDescriptor fd) {
  const auto list = read_growing(
      [&](void* data, std::size_t size) {
        return ::flistxattr(fd.get(), static_cast<char*>(data), size);
      },
      "Listing extended attributes of", fd);
  return read_values(list, [&](const std::string& name) { return get_by_fd(fd.get(), name); });
}

std::vector<ExtendedAttribute> list_xattrs(const PathAt& path) {
  const std::string full = proc_path(path);
  const auto list = read_growing(
      [&](void* data, std::size_t size) {
        return ::llistxattr(full.c_str(), static_cast<char*>(data), size);
      },
      "Listing extended attributes of", path);
  return read_values(list, [&](const std::string& name) { return get_by_path(full, name); });
}

std::optional<Bytes> try_get_xattr(FileDescriptor fd, const std::string& name) {
  return get_by_fd(fd.get(), name);
}

std::optional<Bytes> try_get_xattr(const PathAt& path, const std::string& name) {
  return get_by_path(proc_path(path), name);
}

void set_xattr(FileDescriptor fd, const std::string& name, ByteView value) {
  check_xattr(set_by_fd(fd, name, value), "Setting", name, fd);
}

void set_xattr(const PathAt& path, const std::string& name, ByteView value) {
  const std::string full = proc_path(path);
  const auto result = observed({.operation = Operation::SetAttribute, .path = &path}, [&] {
    return ::lsetxattr(full.c_str(), name.c_str(), value.data(), value.size(), 0);
  });
  check_xattr(result, "Setting", name, path);
}

bool try_set_xattr(FileDescriptor fd, const std::string& name, ByteView value) {
  if (set_by_fd(fd, name, value) == 0) return true;
  if (errno == ENOTSUP || errno == EPERM) return false;
  check_xattr(-1, "Setting", name, fd);
  return false;
}

void remove_xattr(FileDescriptor fd, const std::string& name) {
  const auto result = observed({.operation = Operation::RemoveAttribute, .fd = fd},
                               [&] { return ::fremovexattr(fd.get(), name.c_str()); });
  if (result == 0 || errno == ENODATA) return;
  check_xattr(-1, "Removing", name, fd);
}

}  // namespace xylem::os
