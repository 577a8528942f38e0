#include "tree/disk_checksum.hpp"

#include "base/codec/sha256.hpp"
#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/stream.hpp"
#include "tree/disk_metadata.hpp"

namespace xylem::tree {

namespace {

Ownership adjusted_ownership(const struct stat& info, const DiskChecksumOptions& options) {
  Ownership ownership = ownership_of(info);
  if (options.canonical_permissions) ownership.uid = ownership.gid = 0;
  ownership.uid = options.owner_uid.value_or(ownership.uid);
  ownership.gid = options.owner_gid.value_or(ownership.gid);
  return ownership;
}

Checksum hash_regular(const PathAt& path, const object::FileHeader& header) {
  const UniqueFd fd = open_regular(path);
  FdSource content(fd);
  object::FileHash hash(header);
  Bytes buffer(stream_buffer_size);
  while (const std::size_t count = content.read(buffer)) hash.update(ByteView(buffer).first(count));
  return hash.finish();
}

}  // namespace

Checksum disk_checksum(const PathAt& path, const struct stat& info,
                       const DiskChecksumOptions& options) {
  const Ownership ownership = adjusted_ownership(info, options);
  auto xattrs = options.ignore_xattrs ? object::Xattrs{} : read_xattrs(path);
  if (S_ISDIR(info.st_mode))
    return sha256(object::serialize_dirmeta(make_dirmeta(ownership, std::move(xattrs))));
  object::FileHeader header = make_header(ownership, std::move(xattrs));
  if (S_ISREG(info.st_mode)) return hash_regular(path, header);
  if (S_ISLNK(info.st_mode)) header.symlink_target = os::read_link(path);
  return object::FileHash(header).finish();
}

}  // namespace xylem::tree
