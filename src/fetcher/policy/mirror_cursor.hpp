#pragma once

/// \file
/// Which of a request's URLs to try next.

#include <cstddef>
#include <vector>

namespace xylem::fetcher {

/// Walks the mirrors in turn; leaves out those where trying again is no use. Each mirror's first
/// try is free, further ones use up the allowed retries.
class MirrorCursor {
 public:
  MirrorCursor(std::size_t mirrors, unsigned retries) : usable_(mirrors, true), retries_(retries) {}

  /// Index of the URL to try now.
  std::size_t current() const { return current_; }
  /// Number of the retry that the current try is, 0 if its mirror is tried for the first time.
  unsigned retry() const { return retry_; }

  /// The current try failed. False if nothing is left to try.
  bool advance(bool may_pass);
  /// A try came further than any before it: the retries count from the beginning again.
  void made_progress() { retries_used_ = 0; }
  /// All mirrors have a first try again.
  void start_over() { *this = MirrorCursor(usable_.size(), retries_); }

 private:
  std::vector<bool> usable_;
  unsigned retries_;
  unsigned retries_used_ = 0;
  unsigned retry_ = 0;
  std::size_t tried_ = 1;  ///< Mirrors that had their first try.
  std::size_t current_ = 0;
};

}  // namespace xylem::fetcher
