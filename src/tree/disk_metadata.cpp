#include "tree/disk_metadata.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "xylem/error.hpp"

namespace xylem::tree {

namespace {

/// libostree leaves out attributes without a value, and a checksum is about its bytes.
object::Xattrs sorted(std::vector<os::ExtendedAttribute> attributes) {
  object::Xattrs xattrs;
  for (auto& attribute : attributes)
    if (!attribute.value.empty())
      xattrs.push_back({std::move(attribute.name), std::move(attribute.value)});
  object::canonicalize(xattrs);
  return xattrs;
}

}  // namespace

Ownership ownership_of(const struct stat& info) {
  return {info.st_uid, info.st_gid, info.st_mode};
}

Ownership ownership_of(const object::FileHeader& header) {
  return {header.uid, header.gid, header.mode};
}

Ownership ownership_of(const object::DirMeta& meta) {
  return {meta.uid, meta.gid, meta.mode};
}

object::DirMeta make_dirmeta(const Ownership& ownership, object::Xattrs xattrs) {
  return {ownership.uid, ownership.gid, ownership.mode, std::move(xattrs)};
}

object::FileHeader make_header(const Ownership& ownership, object::Xattrs xattrs) {
  return {ownership.uid, ownership.gid, ownership.mode, {}, std::move(xattrs)};
}

object::Xattrs read_xattrs(FileDescriptor fd) {
  return sorted(os::list_xattrs(fd));
}

object::Xattrs read_xattrs(const PathAt& path) {
  return sorted(os::list_xattrs(path));
}

UniqueFd open_regular(const PathAt& path) {
  UniqueFd fd = os::open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!S_ISREG(os::stat(fd).st_mode))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is no longer a regular file", os::path_of(path)));
  return fd;
}

}  // namespace xylem::tree
