#pragma once

#include <cstddef>

#include "cli/text/pace_meter.hpp"
#include "cli/text/progress.hpp"

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
  bool dry_run_;
};

/// Columns to use: $COLUMNS, else the terminal's, else 80.
std::size_t terminal_columns();

}  // namespace xylem::cli
