#include "delta/apply/window.hpp"

#include <algorithm>

namespace xylem::delta {

namespace {

constexpr std::uint64_t smallest = 4096;
constexpr std::uint64_t largest = stream_buffer_size;

}  // namespace

void Window::read_at(MutableByteView buffer, std::uint64_t offset) const {
  const Stretch wanted{offset, buffer.size()};
  const bool beyond = !wanted.fits(size());
  if (beyond || wanted.size >= largest) return source_.read_at(buffer, offset);
  if (offset < held_.offset || wanted.end() > held_.end()) move_to(offset, buffer.size());
  const auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(offset - held_.offset);
  std::copy_n(first, buffer.size(), buffer.begin());
}

void Window::move_to(std::uint64_t offset, std::size_t wanted) const {
  const bool in_order = offset >= held_.offset && offset <= held_.end();
  const std::uint64_t ahead = in_order ? std::min(2 * held_.size, largest) : smallest;
  const std::uint64_t length =
      std::min(size() - offset, std::max({ahead, smallest, std::uint64_t{wanted}}));
  // Nothing is held if reading fails.
  held_ = {};
  bytes_.resize(length);
  source_.read_at(bytes_, offset);
  held_ = {offset, length};
}

}  // namespace xylem::delta
