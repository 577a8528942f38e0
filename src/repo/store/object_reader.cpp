#include <algorithm>

#include "base/os/os.hpp"
#include "repo/loose/loose_file.hpp"
#include "repo/store/store_impl.hpp"

namespace xylem {

/// A file that ends early is damaged: read() of the source says so, or the caller sees the end.
void ObjectReader::Impl::seek(std::uint64_t offset) {
  if (!memory.empty() || file.is_plain || !file.content) {
    position = offset;
    return;
  }
  if (offset < position) {
    file = repo::load_archive_file(os::duplicate(file.fd));
    position = 0;
  }
  Bytes skipped(buffer_size_for(offset - position));
  while (position < offset) {
    const auto wanted = std::min<std::uint64_t>(skipped.size(), offset - position);
    const std::size_t count =
        file.content->read(MutableByteView(skipped).first(static_cast<std::size_t>(wanted)));
    if (count == 0) return;
    position += count;
  }
}

std::size_t ObjectReader::Impl::read(MutableByteView buffer) {
  std::size_t count = 0;
  if (!memory.empty()) {
    const std::size_t from = static_cast<std::size_t>(std::min(position, size));
    count = std::min(buffer.size(), memory.size() - from);
    std::copy_n(memory.begin() + static_cast<std::ptrdiff_t>(from), count, buffer.begin());
  } else if (file.is_plain) {
    count = os::read_at(file.fd, buffer, position);
  } else if (file.content && position < size) {
    count = file.content->read(buffer);
  }
  position += count;
  return count;
}

ObjectReader::ObjectReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;
ObjectReader::~ObjectReader() = default;

std::uint64_t ObjectReader::size() const {
  return impl_->size;
}

std::size_t ObjectReader::read(std::span<std::uint8_t> buffer) {
  return impl_->read(buffer);
}

std::size_t ObjectReader::read_at(std::span<std::uint8_t> buffer, std::uint64_t offset) {
  if (offset >= impl_->size) return 0;
  impl_->seek(offset);
  return impl_->position == offset ? impl_->read(buffer) : 0;
}

}  // namespace xylem
