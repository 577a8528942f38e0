#pragma once

/// \file
/// What keeps a pull from getting on.

#include <optional>

#include "cli/progress/progress_text.hpp"

namespace xylem::cli {

/// Sees when a pull stops getting on, and remembers what it said it waits for. What it tells counts
/// only until something moves again. Pure but for its own state.
class WaitMeter {
 public:
  void on_message(const PullMessage& message);
  /// nullopt while the pull gets on.
  std::optional<Wait> update(const PullProgress& progress);

 private:
  bool has_moved(const PullProgress& progress) const;

  PullProgress last_;  ///< When something moved.
  std::optional<Wait> told_;
};

}  // namespace xylem::cli
