#include "fetcher/transfer/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xylem/error.hpp"

namespace xylem::fetcher {

void Traffic::OpenBody::open(Traffic& traffic, std::uint64_t length) {
  traffic_ = &traffic;
  awaited_ = length;
  ++traffic.stats_.open_bodies;
  traffic.stats_.bytes_awaited += length;
}

void Traffic::OpenBody::count(std::uint64_t bytes) {
  if (traffic_ == nullptr) return;
  const std::uint64_t expected = std::min(bytes, awaited_);
  arrived_ += bytes;
  awaited_ -= expected;
  traffic_->stats_.bytes_arrived += bytes;
  traffic_->stats_.bytes_awaited -= expected;
}

Traffic::OpenBody::~OpenBody() {
  if (traffic_ == nullptr) return;
  --traffic_->stats_.open_bodies;
  traffic_->stats_.bytes_arrived -= arrived_;
  traffic_->stats_.bytes_awaited -= awaited_;
}

void Traffic::check_limit() const {
  if (max_bytes_ == 0 || stats_.bytes_received < max_bytes_) return;
  throw Error(ErrorKind::Cancelled,
              fmt::format("Stopped at the --max-bytes limit of {} bytes", max_bytes_))
      .hint("pull again to continue from here");
}

}  // namespace xylem::fetcher
