#include "repo/ingest/content_formats.hpp"

#include <sys/stat.h>

#include "base/os/os_metadata.hpp"
#include "repo/ingest/plain_body.hpp"

namespace xylem::repo {

StagedFile BareUserOnlyFormat::write(StagingArea& area, const object::FileHeader& header,
                                     std::uint64_t, ByteSource& content) const {
  if (header.is_symlink()) return StagedFile::create_symlink(area, header.symlink_target);
  return write_plain(area, content);
}

StagedFile BareUserOnlyFormat::write(StagingArea& area, const object::FileHeader& header,
                                     ByteView content) const {
  if (header.is_symlink()) return StagedFile::create_symlink(area, header.symlink_target);
  return write_plain(area, content);
}

void BareUserOnlyFormat::seal(const StagedFile& file, const object::FileHeader& header) const {
  if (header.is_symlink()) return;
  constexpr mode_t permission_bits = 07777;
  os::ensure_mode(file.fd(), header.mode & permission_bits);
  os::set_mtime(file.fd(), content_mtime);
}

}  // namespace xylem::repo
