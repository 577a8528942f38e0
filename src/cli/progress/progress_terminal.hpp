#pragma once

#include "cli/progress/pace_meter.hpp"
#include "cli/progress/progress.hpp"
#include "cli/progress/wait_meter.hpp"

namespace xylem::cli {

/// A line that is written over and over, and at last replaced by the final one.
class TerminalDisplay : public PullDisplay {
 public:
  explicit TerminalDisplay(bool dry_run) : dry_run_(dry_run) {}
  void on_progress(const PullProgress& progress) override;
  void on_message(const PullMessage& message) override;
  void finish(const PullResult& result) override;
  void fail(const std::exception& error) override;

 private:
  PaceMeter meter_;
  WaitMeter waits_;
  bool dry_run_;
};

}  // namespace xylem::cli
