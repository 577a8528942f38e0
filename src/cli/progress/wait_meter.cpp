#include "cli/progress/wait_meter.hpp"

namespace xylem::cli {

namespace {

/// Shorter pauses are usual.
constexpr std::chrono::seconds least_wait{2};
/// Answers that refuse are bytes, too: only more of them than that says that a server serves again.
constexpr std::uint64_t more_than_refusals = 16'384;

/// "example.org" of "https://example.org/repo/summary".
std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t begin = scheme + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

std::string whom(const PullMessage& message) {
  if (message.code != PullMessage::Code::Waiting) return host_of(message.source);
  return message.pid == 0 ? "another pull" : "process " + std::to_string(message.pid);
}

auto objects_of(const PullProgress& progress) {
  return std::tuple(progress.phase, progress.metadata_fetched, progress.content_fetched,
                    progress.scanned_metadata, progress.delta_parts_fetched, progress.bytes_staged);
}

}  // namespace

void WaitMeter::on_message(const PullMessage& message) {
  using Code = PullMessage::Code;
  if (message.code != Code::Waiting && message.code != Code::Retry &&
      message.code != Code::MirrorSwitched)
    return;
  told_ = Wait{.whom = whom(message), .reason = message.reason, .attempts = message.attempt};
}

bool WaitMeter::has_moved(const PullProgress& progress) const {
  const std::uint64_t enough = told_ ? more_than_refusals : 1;
  return objects_of(progress) != objects_of(last_) ||
         progress.bytes_transferred >= last_.bytes_transferred + enough;
}

std::optional<Wait> WaitMeter::update(const PullProgress& progress) {
  if (has_moved(progress)) {
    last_ = progress;
    told_.reset();
  }
  const auto still = progress.elapsed - last_.elapsed;
  if (still < least_wait || progress.phase >= PullProgress::Phase::Writing) return std::nullopt;
  Wait wait = told_.value_or(Wait{});
  wait.since = std::chrono::duration_cast<std::chrono::seconds>(still);
  return wait;
}

}  // namespace xylem::cli
