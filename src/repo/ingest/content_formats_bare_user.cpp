#include "repo/ingest/content_formats.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/ingest/plain_body.hpp"
#include "repo/loose/loose_file.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Without setuid and the like, but always readable for us.
mode_t mode_on_disk(const object::FileHeader& header) {
  constexpr mode_t kept = 0775;
  return header.is_symlink() ? plain_object_mode : (header.mode & kept) | S_IRUSR;
}

/// The target and its NUL.
ByteView target_content(const object::FileHeader& header) {
  return as_bytes({header.symlink_target.c_str(), header.symlink_target.size() + 1});
}

}  // namespace

StagedFile BareUserFormat::write(StagingArea& area, const object::FileHeader& header, std::uint64_t,
                                 ByteSource& content) const {
  if (header.is_symlink()) return write_plain(area, target_content(header));
  return write_plain(area, content);
}

StagedFile BareUserFormat::write(StagingArea& area, const object::FileHeader& header,
                                 ByteView content) const {
  return write_plain(area, header.is_symlink() ? target_content(header) : content);
}

void BareUserFormat::seal(const StagedFile& file, const object::FileHeader& header) const {
  try {
    os::set_xattr(file.fd(), bare_user_xattr, object::serialize_bare_user_metadata(header));
  } catch (Error& error) {
    if (error.details().system_errno == ENOTSUP)
      error.details().hint = "use a file system with user extended attributes, or another mode";
    throw;
  }
  os::ensure_mode(file.fd(), mode_on_disk(header));
  os::set_mtime(file.fd(), content_mtime);
}

}  // namespace xylem::repo
