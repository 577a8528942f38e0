#include "interpose/progress.hpp"

namespace xylem::interpose {

namespace {

guint number(std::uint64_t value) {
  return static_cast<guint>(value);
}

/// What is asked for and has not come.
guint outstanding(std::uint64_t requested, std::uint64_t fetched) {
  return requested > fetched ? number(requested - fetched) : 0;
}

}  // namespace

ProgressKeys::ProgressKeys(OstreeAsyncProgress* progress)
    : progress_(progress), start_(static_cast<guint64>(g_get_monotonic_time())) {
  on_progress({});
}

void ProgressKeys::on_progress(const PullProgress& progress) {
  if (progress_ == nullptr) return;
  const auto fetched = progress.metadata_fetched + progress.content_fetched;
  const auto requested = progress.metadata_requested + progress.content_requested;
  const bool is_scanning = progress.phase < PullProgress::Phase::Fetching;
  const bool is_writing = progress.phase == PullProgress::Phase::Writing;
  const guint64 none = 0;
  // In one call, so that nobody sees half of it.
  ostree_async_progress_set(
      progress_, "outstanding-fetches", "u", outstanding(requested, fetched), "outstanding-writes",
      "u", guint{is_writing ? 1U : 0U}, "fetched", "u", number(fetched), "requested", "u",
      number(requested), "scanning", "u", guint{is_scanning ? 1U : 0U}, "caught-error", "b", FALSE,
      "scanned-metadata", "u", number(progress.scanned_metadata), "bytes-transferred", "t",
      guint64{progress.bytes_transferred}, "start-time", "t", start_, "metadata-fetched-localcache",
      "u", 0U, "content-fetched-localcache", "u", 0U, "fetched-delta-parts", "u",
      number(progress.delta_parts_fetched), "total-delta-parts", "u",
      number(progress.delta_parts_requested), "fetched-delta-fallbacks", "u", 0U,
      "total-delta-fallbacks", "u", 0U, "fetched-delta-part-size", "t", none,
      "total-delta-part-size", "t", none, "total-delta-part-usize", "t", none,
      "total-delta-superblocks", "u", 0U, "outstanding-metadata-fetches", "u",
      outstanding(progress.metadata_requested, progress.metadata_fetched), "metadata-fetched", "u",
      number(progress.metadata_fetched), "status", "s", "", nullptr);
}

void ProgressKeys::finish(const std::string& status) {
  if (progress_ != nullptr) ostree_async_progress_set_status(progress_, status.c_str());
}

}  // namespace xylem::interpose
