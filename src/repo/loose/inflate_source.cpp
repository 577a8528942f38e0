#include "repo/loose/inflate_source.hpp"

#include <array>

#include "xylem/error.hpp"

namespace xylem::repo {

InflateSource::InflateSource(ByteSource& compressed, std::uint64_t size)
    : compressed_(compressed), left_(size), buffer_(buffer_size_for(size)) {}

void InflateSource::refill() {
  if (!input_.empty() || input_ended_) return;
  const std::size_t count = compressed_.read(buffer_);
  input_ = ByteView(buffer_).first(count);
  input_ended_ = count == 0;
}

std::size_t InflateSource::read(MutableByteView buffer) {
  while (!finished_ && !buffer.empty()) {
    if (left_ == 0) {
      finish();
      break;
    }
    refill();
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
    const Inflater::Step step = inflater_.run(input_, buffer.first(room));
    input_ = input_.subspan(step.consumed);
    left_ -= step.produced;
    finished_ = step.finished;
    if (finished_) finish();
    if (step.produced > 0) return step.produced;
    if (!finished_ && input_ended_)
      throw Error(ErrorKind::Corrupt, "The compressed data ends too early");
  }
  return 0;
}

/// Reads the rest of the deflate stream, which must hold no more content, and looks behind it.
void InflateSource::finish() {
  std::array<std::uint8_t, 1> surplus{};
  while (!finished_) {
    refill();
    const Inflater::Step step = inflater_.run(input_, surplus);
    if (step.produced > 0)
      throw Error(ErrorKind::Corrupt, "The compressed data holds more than its declared size");
    input_ = input_.subspan(step.consumed);
    finished_ = step.finished;
    if (!finished_ && input_ended_)
      throw Error(ErrorKind::Corrupt, "The compressed data ends too early");
  }
  if (left_ > 0)
    throw Error(ErrorKind::Corrupt, "The compressed data holds less than its declared size");
  refill();
  if (!input_.empty())
    throw Error(ErrorKind::Corrupt, "Bytes follow the end of the compressed data");
}

}  // namespace xylem::repo
