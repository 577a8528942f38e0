#pragma once

/// \file
/// What `static-delta generate` tells.

#include "cli/progress/json_text.hpp"
#include "delta/generate/generate.hpp"

namespace xylem::cli {

/// On standard output, before anything is done; in libostree's words, as all here.
void announce_delta(const delta::DeltaName& name);
/// On standard error, as `ostree` always does.
void print_statistics(const delta::GenerateReport& report);
Json generate_json(const delta::GenerateReport& report);

/// A line that is written over and over, if standard error is a terminal.
class GenerateProgress {
 public:
  void show(std::size_t done, std::size_t total);
  /// Takes the line away.
  void clear();

 private:
  std::size_t shown_ = 0;  ///< Percent.
  bool visible_ = false;
};

}  // namespace xylem::cli
