#include "repo/ingest/content_formats.hpp"

#include "base/codec/deflate.hpp"
#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::repo {

StagedFile ArchiveFormat::write(StagingArea& area, const object::FileHeader& header,
                                std::uint64_t size, ByteSource& content) const {
  StagedFile file = StagedFile::create(area);
  os::write_all(file.fd(), object::serialize_filez_header(header, size));
  if (!header.is_symlink())
    deflate_stream(content, zlib_level_, [&](ByteView bytes) { os::write_all(file.fd(), bytes); });
  return file;
}

StagedFile ArchiveFormat::write(StagingArea& area, const object::FileHeader& header,
                                ByteView content) const {
  StagedFile file = StagedFile::create(area);
  Bytes object = object::serialize_filez_header(header, content.size());
  if (!header.is_symlink()) {
    const Bytes deflated = deflate_bytes(content, zlib_level_);
    object.insert(object.end(), deflated.begin(), deflated.end());
  }
  os::write_all(file.fd(), object);
  return file;
}

void ArchiveFormat::seal(const StagedFile& file, const object::FileHeader&) const {
  os::ensure_mode(file.fd(), plain_object_mode);
}

}  // namespace xylem::repo
