#pragma once

/// \file
/// Progress, in the keys and types of libostree. Programs read all of them at once, and end if one
/// is missing.

#include <ostree.h>

#include <string>

#include "xylem/pull.hpp"

namespace xylem::interpose {

/// Passes what the engine tells to an OstreeAsyncProgress, which may be null, is borrowed, and
/// calls back in the main context that it was made for.
class ProgressKeys : public PullObserver {
 public:
  explicit ProgressKeys(OstreeAsyncProgress* progress);

  void on_progress(const PullProgress& progress) override;
  /// The line for the end of a pull; programs print it.
  void finish(const std::string& status);

 private:
  OstreeAsyncProgress* progress_;
  guint64 start_;  ///< Monotonic, in microseconds.
};

}  // namespace xylem::interpose
