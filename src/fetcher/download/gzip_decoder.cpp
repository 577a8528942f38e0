#include "fetcher/download/gzip_decoder.hpp"

#include <algorithm>

namespace xylem::fetcher {

/// What is behind the end is of no interest: some servers pad.
void GzipDecoder::write(ByteView bytes, const std::function<void(ByteView)>& take) {
  while (!finished_) {
    const Inflater::Step step = inflater_.run(bytes, buffer_);
    bytes = bytes.subspan(std::min(step.consumed, bytes.size()));
    finished_ = step.finished;
    if (step.produced != 0) take(ByteView(buffer_).first(step.produced));
    const bool full = step.produced == buffer_.size();
    if (bytes.empty() && !full) return;
    if (step.consumed == 0 && step.produced == 0) return;
  }
}

}  // namespace xylem::fetcher
