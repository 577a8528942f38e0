#pragma once

/// \file
/// The failures of one fetch over all its attempts: which one to report in the end.

#include <optional>
#include <string>
#include <unordered_set>

#include "fetcher/failure.hpp"

namespace xylem::fetcher {

/// One thread.
class FailureRecord {
 public:
  /// An attempt at `origin` has failed.
  void add(Failure failure, const std::string& origin);

  bool empty() const { return !best_; }
  /// Only if not empty().
  const Failure& last() const { return last_; }
  /// The failure that explains most, the latest of several; what a server says last stands for what
  /// it said before. Only if not empty().
  const Failure& best() const { return *best_; }
  /// The last server's word that it lacks the file; null if none said so.
  const Failure* missing() const { return missing_ ? &*missing_ : nullptr; }
  /// The origins that said so.
  const std::unordered_set<std::string>& lacking() const { return lacking_; }

  /// Replaces the hint of best().
  void set_hint(std::string hint) { best_->hint = std::move(hint); }

 private:
  Failure last_;
  std::optional<Failure> best_;
  std::string best_origin_;
  std::optional<Failure> missing_;
  std::unordered_set<std::string> lacking_;
};

}  // namespace xylem::fetcher
