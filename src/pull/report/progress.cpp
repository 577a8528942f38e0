#include "pull/report/progress.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

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
                                   std::function<std::uint64_t()> bytes,
                                   std::function<std::optional<std::uint64_t>()> expected)
    : observer_(observer),
      interval_(interval),
      counters_(counters),
      bytes_(std::move(bytes)),
      expected_(std::move(expected)),
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

void ProgressReporter::message(const std::string& text) const {
  if (observer_ != nullptr) observer_->on_message(text);
}

PullProgress ProgressReporter::snapshot() const {
  PullProgress progress;
  progress.phase = counters_.phase;
  progress.elapsed = elapsed();
  progress.bytes_transferred = bytes_();
  progress.metadata_fetched = counters_.metadata_fetched + counters_.metadata_imported;
  progress.metadata_requested = counters_.metadata_requested;
  progress.content_fetched = counters_.content_fetched + counters_.content_imported;
  progress.content_requested = counters_.content_requested;
  progress.content_imported = counters_.content_imported;
  progress.scanned_metadata = counters_.metadata_scanned;
  progress.bytes_expected = expected_();
  return progress;
}

}  // namespace xylem::pull
