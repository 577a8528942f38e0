#include "repo/ingest/content_formats.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/ingest/plain_body.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

constexpr mode_t permission_bits = 07777;

[[noreturn]] void throw_needs_root(const object::FileHeader& header) {
  ErrorDetails details;
  details.system_errno = EPERM;
  details.hint = "run as root, in a service with bare.conf, or use a repository in mode bare-user";
  throw Error(ErrorKind::Unsupported,
              fmt::format("A bare repository keeps owners and attributes of files (here owner "
                          "{}:{}), which only root may set",
                          header.uid, header.gid),
              std::move(details));
}

/// Says what to do when the kernel refuses what only root may do.
template <typename Action>
void as_root(const object::FileHeader& header, Action action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.details().system_errno == EPERM) throw_needs_root(header);
    throw;
  }
}

/// `file` is a descriptor or a path.
template <typename File>
void set_xattrs(const File& file, const object::FileHeader& header) {
  for (const object::Xattr& xattr : header.xattrs) os::set_xattr(file, xattr.name, xattr.value);
}

void seal_symlink(const PathAt& path, const object::FileHeader& header) {
  os::set_owner(path, header.uid, header.gid);
  set_xattrs(path, header);
}

/// Owner, mode, attributes, in this order: each may reset the next.
void seal_regular(FileDescriptor fd, const object::FileHeader& header) {
  os::set_owner(fd, header.uid, header.gid);
  os::ensure_mode(fd, header.mode & permission_bits);
  set_xattrs(fd, header);
  os::set_mtime(fd, content_mtime);
}

}  // namespace

StagedFile BareFormat::write(StagingArea& area, const object::FileHeader& header, std::uint64_t,
                             ByteSource& content) const {
  if (header.is_symlink()) return StagedFile::create_symlink(area, header.symlink_target);
  return write_plain(area, content);
}

StagedFile BareFormat::write(StagingArea& area, const object::FileHeader& header,
                             ByteView content) const {
  if (header.is_symlink()) return StagedFile::create_symlink(area, header.symlink_target);
  return write_plain(area, content);
}

void BareFormat::seal(const StagedFile& file, const object::FileHeader& header) const {
  as_root(header, [&] {
    if (header.is_symlink())
      seal_symlink(file.path(), header);
    else
      seal_regular(file.fd(), header);
  });
}

}  // namespace xylem::repo
