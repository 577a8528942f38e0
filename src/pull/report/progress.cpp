#include "pull/report/progress.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace xylem {

const char* name(PullProgress::Phase phase) noexcept {
  switch (phase) {
    case PullProgress::Phase::Resolving:
      return "resolving";
    case PullProgress::Phase::Scanning:
      return "scanning";
    case PullProgress::Phase::Fetching:
      return "fetching";
    case PullProgress::Phase::Writing:
      return "writing";
    case PullProgress::Phase::Done:
      return "done";
  }
  return "";
}

}  // namespace xylem

namespace xylem::pull {

ProgressReporter::ProgressReporter(asio::any_io_executor executor, PullObserver* observer,
                                   std::chrono::milliseconds interval, const Counters& counters,
                                   std::function<Traffic()> traffic)
    : observer_(observer),
      interval_(interval),
      counters_(counters),
      traffic_(std::move(traffic)),
      timer_(executor) {}

asio::awaitable<void> ProgressReporter::run() {
  while (!stopped_) {
    report();
    timer_.expires_after(interval_);
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

void ProgressReporter::stop() {
  stopped_ = true;
  timer_.cancel();
}

void ProgressReporter::report() const {
  if (observer_ != nullptr) observer_->on_progress(snapshot());
}

PullProgress ProgressReporter::snapshot() const {
  const Traffic traffic = traffic_();
  PullProgress progress;
  progress.phase = counters_.phase;
  progress.elapsed = elapsed();
  progress.bytes_transferred = traffic.bytes_received;
  progress.metadata_fetched = counters_.metadata_fetched + counters_.metadata_imported;
  progress.metadata_requested = counters_.metadata_requested;
  progress.content_fetched = counters_.content_fetched + counters_.content_imported;
  progress.content_requested = counters_.content_requested;
  progress.content_imported = counters_.content_imported;
  progress.scanned_metadata = counters_.metadata_scanned;
  progress.bytes_expected = traffic.bytes_expected;
  progress.bytes_staged = traffic.bytes_staged;
  progress.bytes_downloads = traffic.bytes_downloads;
  if (const auto remaining = left(traffic)) {
    progress.bytes_left = remaining->bytes;
    progress.bytes_left_estimated = remaining->estimated;
  }
  progress.delta_parts_fetched = counters_.delta_parts_fetched;
  progress.delta_parts_requested = counters_.delta_parts_requested;
  return progress;
}

/// Before all metadata is there nobody knows how much content there is, but for what deltas say.
std::optional<BytesLeft> ProgressReporter::left(const Traffic& traffic) const {
  if (counters_.delta_bytes_done < counters_.delta_bytes_requested)
    return bytes_left_of_deltas(counters_.delta_bytes_requested - counters_.delta_bytes_done,
                                traffic.bytes_arrived);
  if (counters_.phase != PullProgress::Phase::Fetching) return std::nullopt;
  ContentState state;
  state.files_left =
      counters_.content_requested - counters_.content_fetched - counters_.content_imported;
  state.files_fetched = counters_.content_fetched;
  state.bytes_fetched = counters_.content_bytes_fetched;
  if (traffic.bytes_expected)
    state.known_bytes_left =
        *traffic.bytes_expected - std::min(counters_.content_bytes_done, *traffic.bytes_expected);
  state.open_bodies = traffic.open_bodies;
  state.bytes_arrived = traffic.bytes_arrived;
  state.bytes_awaited = traffic.bytes_awaited;
  return bytes_left(state);
}

}  // namespace xylem::pull
