#pragma once

/// \file
/// What a pull shows: a live line on a terminal, one final line elsewhere, JSON for programs.

#include <exception>
#include <memory>
#include <string>

#include "xylem/pull.hpp"

namespace xylem::cli {

/// To standard error. What a person should mend, as a cache that is broken, is a warning; what
/// passes by itself, as a request that is sent again, is told only with --verbose.
void log_message(const PullMessage& message);

/// A PullObserver with an end. Calls come one after the other.
class PullDisplay : public PullObserver {
 public:
  void on_message(const PullMessage& message) override { log_message(message); }
  /// The pull went well.
  virtual void finish(const PullResult& result) = 0;
  /// The pull ended with `error`; called before it is reported on standard error.
  virtual void fail(const std::exception& error) = 0;
};

enum class DisplayStyle { Line, Plain, Json, None };

/// "auto" (a line on a terminal, else plain), "line", "plain", "json" or "none"; throws UsageError.
DisplayStyle parse_display_style(const std::string& text);

/// All of them write to standard output.
std::unique_ptr<PullDisplay> make_display(DisplayStyle style, bool dry_run);

}  // namespace xylem::cli
