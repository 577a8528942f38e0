#include "delta/generate/part_writer.hpp"

#include <fcntl.h>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"

namespace xylem::delta {

namespace {

constexpr mode_t file_mode = 0644;

/// Appends to a file, and hashes it.
class HashedFile {
 public:
  explicit HashedFile(const PathAt& path)
      : fd_(os::open(path, O_WRONLY | O_CREAT | O_EXCL, file_mode)) {
    os::set_mode(fd_, file_mode);
  }

  void append(ByteView bytes) {
    os::write_all(fd_, bytes);
    hash_.update(bytes);
    size_ += bytes.size();
  }

  std::uint64_t size() const { return size_; }
  Checksum finish() { return hash_.finish(); }

 private:
  UniqueFd fd_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

}  // namespace

WrittenPart write_part(const PathAt& path, const PartPlan& plan, PayloadSource& payload,
                       const XzBlocks& blocks) {
  HashedFile file(path);
  file.append(as_bytes("x"));
  xz_block_stream(payload, blocks, [&](ByteView piece) { file.append(piece); });
  WrittenPart part{plan.header(), payload.size()};
  part.header.size = file.size();
  part.header.checksum = file.finish();
  return part;
}

}  // namespace xylem::delta
