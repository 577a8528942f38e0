#include "cli/text/pace.hpp"

#include <cmath>

namespace xylem::cli {

namespace {

/// Older rates lose half of their weight in this time.
constexpr double half_life_seconds = 3;
/// Longer estimates say nothing.
constexpr double longest_estimate_seconds = 100 * 3600;

double blend(double old_rate, double new_rate, double seconds, bool first) {
  if (first) return new_rate;
  const double old_weight = std::exp2(-seconds / half_life_seconds);
  return old_rate * old_weight + new_rate * (1 - old_weight);
}

std::optional<std::chrono::seconds> time_for(double amount, double rate) {
  if (rate <= 0 || amount / rate > longest_estimate_seconds) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(amount / rate)));
}

}  // namespace

Pace PaceMeter::update(const PullProgress& progress) {
  const Sample now{std::chrono::duration<double>(progress.elapsed).count(),
                   static_cast<double>(progress.bytes_transferred),
                   static_cast<double>(progress.content_fetched)};
  const double seconds = now.seconds - last_.seconds;
  if (seconds > 0) {
    byte_rate_ = blend(byte_rate_, (now.bytes - last_.bytes) / seconds, seconds, !started_);
    object_rate_ = blend(object_rate_, (now.objects - last_.objects) / seconds, seconds, !started_);
    started_ = true;
    last_ = now;
  }
  Pace pace{static_cast<std::uint64_t>(byte_rate_), std::nullopt};
  if (progress.phase != PullProgress::Phase::Fetching) return pace;
  const double objects_left = static_cast<double>(progress.content_requested) - now.objects;
  const auto expected = static_cast<double>(progress.bytes_expected.value_or(0));
  // Metadata is in what came so far, so near the end this may be more than was expected.
  pace.time_left = expected > now.bytes ? time_for(expected - now.bytes, byte_rate_)
                                        : time_for(objects_left, object_rate_);
  return pace;
}

}  // namespace xylem::cli
