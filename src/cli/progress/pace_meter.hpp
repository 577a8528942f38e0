#pragma once

/// \file
/// How fast a pull is, and how long it will take.

#include <deque>

#include "cli/progress/progress_text.hpp"

namespace xylem::cli {

/// Measures rate and time left over the last seconds of a pull: what came before, on another part
/// of the work or another link, says nothing of what comes. Pure but for its own state.
class PaceMeter {
 public:
  Pace update(const PullProgress& progress);

 private:
  struct Sample {
    double seconds = 0;
    double bytes = 0;
    double objects = 0;
  };
  void add(const Sample& sample);
  double rate_since(const Sample& sample) const;
  void forget_before_collapse();

  std::deque<Sample> window_;  ///< From the oldest to the newest.
};

}  // namespace xylem::cli
