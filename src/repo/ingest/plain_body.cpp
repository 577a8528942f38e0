#include "repo/ingest/plain_body.hpp"

#include "base/os/os.hpp"

namespace xylem::repo {

namespace {

/// After so many bytes a large file starts on its way to the disk.
constexpr std::uint64_t writeback_interval = 32U << 20;

}  // namespace

StagedFile write_plain(StagingArea& area, ByteSource& content) {
  StagedFile file = StagedFile::create(area);
  Bytes buffer(stream_buffer_size);
  std::uint64_t pending = 0;
  while (const std::size_t count = content.read(buffer)) {
    os::write_all(file.fd(), ByteView(buffer).first(count));
    pending += count;
    if (pending < writeback_interval) continue;
    os::start_writeback(file.fd());
    pending = 0;
  }
  return file;
}

StagedFile write_plain(StagingArea& area, ByteView content) {
  StagedFile file = StagedFile::create(area);
  os::write_all(file.fd(), content);
  return file;
}

}  // namespace xylem::repo
