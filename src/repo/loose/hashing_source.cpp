#include "repo/loose/hashing_source.hpp"

#include <fmt/format.h>

#include "xylem/error.hpp"

namespace xylem::repo {

HashingSource::HashingSource(ByteSource& content, const object::FileHeader& header,
                             std::uint64_t size, CancelToken cancel)
    : content_(content), hash_(header), size_(size), cancel_(std::move(cancel)) {}

std::size_t HashingSource::read(MutableByteView buffer) {
  if (ended_ || buffer.empty()) return 0;
  cancel_.check();
  const std::size_t count = content_.read(buffer);
  seen_ += count;
  ended_ = count == 0;
  if (seen_ > size_ || (ended_ && seen_ < size_))
    throw Error(ErrorKind::Corrupt, fmt::format("The content has {} {} bytes, not {}",
                                                ended_ ? "only" : "at least", seen_, size_));
  hash_.update(buffer.first(count));
  return count;
}

Checksum HashingSource::read_to_end() {
  if (!ended_) {
    Bytes buffer(buffer_size_for(size_));
    while (read(buffer) > 0) {
    }
  }
  return hash_.finish();
}

Checksum hash_content(const object::FileHeader& header, ByteView content) {
  object::FileHash hash(header);
  hash.update(content);
  return hash.finish();
}

}  // namespace xylem::repo
