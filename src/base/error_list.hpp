#pragma once

/// \file
/// For jobs that go on past what fails: the errors of all parts, and in the end one that tells all.

#include <string_view>
#include <utility>
#include <vector>

#include "xylem/error.hpp"

namespace xylem {

/// Errors in the order in which they happened. Of a flood, the first `capacity` are kept and the
/// rest is counted. Not thread-safe.
class ErrorList {
 public:
  static constexpr std::size_t capacity = 100;

  void add(Error error);
  /// Takes over all of `other`.
  void add(ErrorList other);

  /// Calls `job`, and keeps the Error that it throws, but for a cancellation, which ends
  /// everything. Whether it succeeded.
  template <typename Job>
  bool attempt(Job&& job) {
    try {
      std::forward<Job>(job)();
      return true;
    } catch (Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      add(std::move(error));
      return false;
    }
  }

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  /// What was kept.
  const std::vector<Error>& errors() const { return errors_; }

  /// A single error as it is; several as one that has the kind and details of the first, and the
  /// messages of all: "`what`: 3 failures: …; …; …". Must not be empty.
  Error joined(std::string_view what) const;
  void throw_if_any(std::string_view what) const;

 private:
  std::vector<Error> errors_;
  std::size_t count_ = 0;
};

}  // namespace xylem
