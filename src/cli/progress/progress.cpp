#include "cli/progress/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "cli/frame/terminal.hpp"
#include "cli/frame/usage_error.hpp"
#include "cli/progress/progress_json.hpp"
#include "cli/progress/progress_terminal.hpp"
#include "cli/progress/wait_meter.hpp"

namespace xylem::cli {

namespace {

constexpr std::chrono::seconds plain_interval{30};

class NoDisplay : public PullDisplay {
 public:
  void finish(const PullResult&) override {}
  void fail(const std::exception&) override {}
};

/// One line at the end, and one every half a minute, which shows in a log that the pull goes on.
class PlainDisplay : public PullDisplay {
 public:
  explicit PlainDisplay(bool dry_run) : dry_run_(dry_run) {}
  void on_progress(const PullProgress& progress) override {
    const Pace pace = meter_.update(progress);
    const auto wait = waits_.update(progress);
    if (dry_run_ || progress.elapsed < next_line_) return;
    next_line_ = progress.elapsed + plain_interval;
    const std::string line = wait ? waiting_line(progress, *wait) : progress_line(progress, pace);
    if (!line.empty()) fmt::print("{}\n", printable(line));
    std::fflush(stdout);
  }
  void on_message(const PullMessage& message) override {
    waits_.on_message(message);
    log_message(message);
  }
  void finish(const PullResult& result) override {
    fmt::print("{}\n", in_locale(dry_run_ ? dry_run_line(result) : final_line(result)));
  }
  void fail(const std::exception&) override {}

 private:
  PaceMeter meter_;
  WaitMeter waits_;
  std::chrono::steady_clock::duration next_line_ = plain_interval;
  bool dry_run_;
};

}  // namespace

void log_message(const PullMessage& message) {
  log_line(message.is_warning ? LogLevel::Warning : LogLevel::Info, message.text);
}

DisplayStyle parse_display_style(const std::string& text) {
  if (text == "auto") return has_cursor() ? DisplayStyle::Line : DisplayStyle::Plain;
  if (text == "line") return DisplayStyle::Line;
  if (text == "plain") return DisplayStyle::Plain;
  if (text == "json") return DisplayStyle::Json;
  if (text == "none") return DisplayStyle::None;
  throw UsageError("Invalid value '" + text +
                   "' for --progress: must be one of auto, line, plain, json, none");
}

std::unique_ptr<PullDisplay> make_display(DisplayStyle style, bool dry_run) {
  switch (style) {
    case DisplayStyle::Line:
      return std::make_unique<TerminalDisplay>(dry_run);
    case DisplayStyle::Plain:
      return std::make_unique<PlainDisplay>(dry_run);
    case DisplayStyle::Json:
      return std::make_unique<JsonDisplay>();
    case DisplayStyle::None:
      break;
  }
  return std::make_unique<NoDisplay>();
}

}  // namespace xylem::cli
