#pragma once

#include <cstddef>

#include "cli/text/progress.hpp"
#include "cli/text/progress_text.hpp"

namespace xylem::cli {

/// Estimates rate and time left from successive states of a pull. The rate is a moving average, so
/// that a stall shows within seconds. Pure but for its own state.
class PaceMeter {
 public:
  Pace update(const PullProgress& progress);

 private:
  struct Sample {
    double seconds = 0;
    double bytes = 0;
    double objects = 0;
  };
  Sample last_;
  double byte_rate_ = 0;
  double object_rate_ = 0;
  bool started_ = false;
};

/// A line that is written over and over, and at last replaced by the final one.
class TerminalDisplay : public PullDisplay {
 public:
  explicit TerminalDisplay(bool dry_run) : dry_run_(dry_run) {}
  void on_progress(const PullProgress& progress) override;
  void on_message(const std::string& text) override;
  void finish(const PullResult& result) override;
  void fail(const std::exception& error) override;

 private:
  PaceMeter meter_;
  bool dry_run_;
};

/// Columns to use: $COLUMNS, else the terminal's, else 80.
std::size_t terminal_columns();

}  // namespace xylem::cli
