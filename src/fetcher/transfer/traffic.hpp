#pragma once

/// \file
/// Counts what a fetcher sends and receives, and enforces FetcherOptions::max_bytes.

#include <cstdint>

#include "fetcher/request/response.hpp"

namespace xylem::fetcher {

/// One thread.
class Traffic {
 public:
  /// A body on its way, from its first byte to the end of this object.
  class OpenBody {
   public:
    OpenBody() = default;
    OpenBody(const OpenBody&) = delete;
    OpenBody& operator=(const OpenBody&) = delete;
    ~OpenBody();

    /// `length` is what the server announces; a body without a length counts as arrived.
    void open(Traffic& traffic, std::uint64_t length);
    void count(std::uint64_t bytes);

   private:
    Traffic* traffic_ = nullptr;
    std::uint64_t arrived_ = 0;
    std::uint64_t awaited_ = 0;
  };

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
