#include <cerrno>
#include <climits>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/loose/loose_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

[[noreturn]] void throw_irregular(const PathAt& path) {
  throw Error(ErrorKind::Corrupt, os::path_of(path) + " is not a regular file");
}

void take_stat(const struct stat& info, object::FileHeader& header) {
  header.uid = info.st_uid;
  header.gid = info.st_gid;
  header.mode = info.st_mode;
}

/// Everything that stat() tells; content comes straight from the file. Of a regular file all is
/// told by what was opened, whatever its name leads to by then.
std::optional<LoadedFile> load_plain_file(const PathAt& path) {
  const auto named = os::try_stat(path);
  if (!named) return std::nullopt;
  LoadedFile file;
  if (S_ISLNK(named->st_mode)) {
    take_stat(*named, file.header);
    file.header.symlink_target = os::read_link(path);
    return file;
  }
  file.fd = try_open_regular(path);
  if (!file.fd.valid()) return std::nullopt;
  const struct stat info = os::stat(file.fd);
  take_stat(info, file.header);
  file.size = static_cast<std::uint64_t>(info.st_size);
  file.content = std::make_unique<FdSource>(file.fd);
  file.is_plain = true;
  return file;
}

object::Xattrs to_object_xattrs(std::vector<os::ExtendedAttribute> attributes) {
  object::Xattrs xattrs;
  xattrs.reserve(attributes.size());
  for (os::ExtendedAttribute& attribute : attributes)
    xattrs.push_back({std::move(attribute.name), std::move(attribute.value)});
  object::canonicalize(xattrs);
  return xattrs;
}

/// The target up to its NUL, as a bare-user repository keeps it.
std::string read_target(FileDescriptor fd) {
  const Bytes bytes = os::read_file(fd, PATH_MAX);
  const std::string_view text = as_text(bytes);
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace

UniqueFd try_open_regular(const PathAt& path) try {
  UniqueFd fd = os::try_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fd.valid() && !S_ISREG(os::stat(fd).st_mode)) throw_irregular(path);
  return fd;
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason == ELOOP || reason == ENXIO) throw_irregular(path);  // a symlink, a socket
  throw;
}

std::optional<LoadedFile> load_bare_file(const PathAt& path, bool ignore_xattrs) {
  auto file = load_plain_file(path);
  if (!file || ignore_xattrs) return file;
  file->header.xattrs =
      to_object_xattrs(file->fd.valid() ? os::list_xattrs(file->fd) : os::list_xattrs(path));
  return file;
}

std::optional<LoadedFile> load_bare_user_only_file(const PathAt& path) {
  auto file = load_plain_file(path);
  if (file) file->header.uid = file->header.gid = 0;
  return file;
}

std::optional<LoadedFile> load_split_xattrs_file(const PathAt& path, const PathAt& xattrs) {
  auto file = load_plain_file(path);
  if (!file) return file;
  const UniqueFd fd = try_open_regular(xattrs);
  if (!fd.valid())
    throw Error(ErrorKind::Corrupt, os::path_of(xattrs) + " is missing: the object's xattrs");
  file->header.xattrs =
      object::parse_xattrs_object(os::read_file(fd, object::default_max_metadata_size));
  return file;
}

std::optional<LoadedFile> load_bare_user_file(const PathAt& path) {
  LoadedFile file;
  file.fd = try_open_regular(path);
  if (!file.fd.valid()) return std::nullopt;
  const auto metadata = os::try_get_xattr(file.fd, bare_user_xattr);
  if (!metadata)
    throw Error(ErrorKind::Corrupt, os::path_of(path) + " lacks its attribute " + bare_user_xattr);
  file.header = object::parse_bare_user_metadata(*metadata);
  if (file.header.is_symlink()) {
    file.header.symlink_target = read_target(file.fd);
    return file;
  }
  file.size = static_cast<std::uint64_t>(os::stat(file.fd).st_size);
  file.content = std::make_unique<FdSource>(file.fd);
  file.is_plain = true;
  return file;
}

}  // namespace xylem::repo
