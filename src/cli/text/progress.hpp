#pragma once

/// \file
/// What a pull shows: a live line on a terminal, one final line elsewhere, JSON for programs.

#include <exception>
#include <memory>
#include <string>

#include "xylem/pull.hpp"

namespace xylem::cli {

/// A PullObserver with an end. Calls come one after the other.
class PullDisplay : public PullObserver {
 public:
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
