#include "cli/progress/pace_meter.hpp"

#include <cmath>

namespace xylem::cli {

namespace {

constexpr double window_seconds = 5;
/// A shorter time says more of the granularity of reads than of the link.
constexpr double least_seconds = 0.5;
/// Longer estimates say nothing.
constexpr double longest_estimate_seconds = 100 * 3600;

/// In so short a time a link does not lose most of its rate by chance.
constexpr double recent_seconds = 1.5;
constexpr double collapse = 4;

std::optional<std::chrono::seconds> time_for(double amount, double rate) {
  if (rate <= 0 || amount / rate > longest_estimate_seconds) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(amount / rate)));
}

}  // namespace

void PaceMeter::add(const Sample& sample) {
  if (!window_.empty() && sample.seconds <= window_.back().seconds) return;
  window_.push_back(sample);
  // One sample beyond the window stays: the rate is measured from it.
  while (window_.size() > 2 && sample.seconds - window_[1].seconds >= window_seconds)
    window_.pop_front();
}

double PaceMeter::rate_since(const Sample& sample) const {
  return (window_.back().bytes - sample.bytes) / (window_.back().seconds - sample.seconds);
}

/// One large file on a slow link follows many from a fast one: what was before says nothing then.
/// No bytes at all may be a pause, and prove nothing.
void PaceMeter::forget_before_collapse() {
  std::size_t recent = window_.size() - 1;
  while (recent > 0 && window_.back().seconds - window_[recent].seconds < recent_seconds) --recent;
  if (recent == 0) return;
  const double rate = rate_since(window_[recent]);
  if (rate > 0 && rate * collapse < rate_since(window_.front()))
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(recent));
}

Pace PaceMeter::update(const PullProgress& progress) {
  add({std::chrono::duration<double>(progress.elapsed).count(),
       static_cast<double>(progress.bytes_transferred),
       static_cast<double>(progress.content_fetched)});
  forget_before_collapse();
  const Sample& oldest = window_.front();
  const Sample& newest = window_.back();
  const double seconds = newest.seconds - oldest.seconds;
  if (seconds < least_seconds) return {};
  const double byte_rate = (newest.bytes - oldest.bytes) / seconds;
  const double object_rate = (newest.objects - oldest.objects) / seconds;
  Pace pace{.bytes_per_second = static_cast<std::uint64_t>(byte_rate)};
  if (progress.phase != PullProgress::Phase::Fetching && !progress.bytes_left) return pace;
  const auto objects_left = static_cast<double>(progress.content_requested) - newest.objects;
  pace.time_left = progress.bytes_left
                       ? time_for(static_cast<double>(*progress.bytes_left), byte_rate)
                       : time_for(objects_left, object_rate);
  return pace;
}

}  // namespace xylem::cli
