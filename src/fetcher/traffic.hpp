#pragma once

/// \file
/// Counts what a fetcher sends and receives, and enforces FetcherOptions::max_bytes.

#include <cstdint>

#include "fetcher/request/response.hpp"

namespace xylem::fetcher {

/// One thread.
class Traffic {
 public:
  /// A `max_bytes` of 0 is no limit.
  explicit Traffic(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  /// A request is sent.
  void count_request() { ++stats_.requests; }
  /// A fetch begins another attempt after its first one.
  void count_retry() { ++stats_.retries; }
  /// Bytes of a body have arrived.
  void count_received(std::uint64_t bytes) { stats_.bytes_received += bytes; }
  /// A partial or finished file has saved that many bytes.
  void count_resumed(std::uint64_t bytes) { stats_.bytes_resumed += bytes; }

  /// Throws Error(Cancelled) once `max_bytes` have been received.
  void check_limit() const;

  /// Everything but `in_flight`.
  const FetcherStats& stats() const { return stats_; }

 private:
  FetcherStats stats_;
  std::uint64_t max_bytes_;
};

}  // namespace xylem::fetcher
