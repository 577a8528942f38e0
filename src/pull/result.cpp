#include "pull/result.hpp"

#include "fetcher/fetcher.hpp"

namespace xylem::pull {

std::optional<std::uint64_t> bytes_expected(const PullContext& context) {
  if (context.sizes.empty()) return std::nullopt;
  return context.counters.content_bytes_requested;
}

ProgressReporter::Traffic traffic_of(const PullContext& context, const OpenSource& origin) {
  ProgressReporter::Traffic traffic;
  traffic.bytes_expected = bytes_expected(context);
  traffic.bytes_staged = context.transaction.stats().content_bytes_written;
  if (origin.download_dir) traffic.bytes_downloads = origin.download_dir->weight();
  if (!origin.fetcher) return traffic;
  const fetcher::FetcherStats stats = origin.fetcher->stats();
  traffic.bytes_received = stats.bytes_received;
  traffic.open_bodies = stats.open_bodies;
  traffic.bytes_arrived = stats.bytes_arrived;
  traffic.bytes_awaited = stats.bytes_awaited;
  return traffic;
}

PullResult result_of(const PullContext& context, const OpenSource& origin, Published published,
                     std::chrono::steady_clock::duration elapsed) {
  const Counters& counters = context.counters;
  PullResult result;
  result.refs = std::move(published.refs);
  result.metadata_fetched = counters.metadata_fetched;
  result.content_fetched = counters.content_fetched;
  result.metadata_imported = counters.metadata_imported;
  result.content_imported = counters.content_imported;
  result.delta_parts_fetched = counters.delta_parts_fetched;
  result.delta_parts_requested = counters.delta_parts_requested;
  result.delta_bytes_requested = counters.delta_bytes_requested;
  result.delta_content_bytes = counters.delta_content_bytes;
  result.bytes_transferred = origin.bytes_received();
  if (origin.fetcher) {
    const fetcher::FetcherStats stats = origin.fetcher->stats();
    result.bytes_resumed = stats.bytes_resumed;
    result.requests = stats.requests;
    result.retries = stats.retries;
  }
  result.bytes_written = published.stats.content_bytes_written;
  result.local = origin.is_local();
  result.content_requested = counters.content_requested;
  result.bytes_expected = bytes_expected(context);
  result.elapsed = elapsed;
  return result;
}

}  // namespace xylem::pull
