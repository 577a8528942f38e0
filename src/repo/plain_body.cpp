#include "repo/plain_body.hpp"

#include "base/os.hpp"

namespace xylem::repo {

StagedFile write_plain(StagingArea& area, ByteSource& content) {
  StagedFile file = StagedFile::create(area);
  Bytes buffer(stream_buffer_size);
  while (const std::size_t count = content.read(buffer))
    os::write_all(file.fd(), ByteView(buffer).first(count));
  return file;
}

StagedFile write_plain(StagingArea& area, ByteView content) {
  StagedFile file = StagedFile::create(area);
  os::write_all(file.fd(), content);
  return file;
}

}  // namespace xylem::repo
