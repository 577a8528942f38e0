#pragma once

#include <chrono>

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

}  // namespace xylem::cli
