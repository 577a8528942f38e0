#pragma once

/// \file
/// What a fetcher answers: values only.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::fetcher {

/// Bodies larger than this go to a file. Smaller ones do, too, if the memory budget has no room.
constexpr std::uint64_t large_body = 1024 * 1024;

/// Keeps its share of the memory budget taken until it is destroyed, which must happen before the
/// Fetcher is destroyed, on any thread.
class BudgetLease {
 public:
  BudgetLease() = default;
  explicit BudgetLease(std::shared_ptr<void> hold) : hold_(std::move(hold)) {}

 private:
  std::shared_ptr<void> hold_;
};

/// The body of a response: in memory, or a finished file in the download directory.
struct Body {
  Bytes bytes;            ///< Empty if it is in a file.
  std::string file_name;  ///< In the download directory; empty if it is in memory. The receiver
                          ///< renames or removes it.
  std::uint64_t size = 0;
  BudgetLease lease;

  bool in_memory() const { return file_name.empty(); }
};

struct Response {
  Body body;
  bool not_modified = false;
  Validators validators;
  std::string url;     ///< That answered, without credentials, for messages.
  std::string mirror;  ///< The URL of the request that led there, without credentials.
  /// What caches on the way said of it: "Age: 12, Via: 1.1 proxy"; empty if nothing.
  std::string cache_headers;
};

struct FetcherStats {
  std::uint64_t bytes_received = 0;  ///< Of bodies, live; also those that were thrown away.
  std::uint64_t requests = 0;        ///< Sent to a server, with retries.
  std::uint64_t bytes_resumed = 0;   ///< That partial files saved.
  std::uint32_t in_flight = 0;
  std::uint64_t retries = 0;  ///< Of the requests, those that were not the first of their fetch.
  // Of the bodies that are on their way now:
  std::uint32_t open_bodies = 0;
  std::uint64_t bytes_arrived = 0;
  std::uint64_t bytes_awaited = 0;  ///< As far as their servers announced lengths.
};

}  // namespace xylem::fetcher
