#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "crash/disk_image.hpp"

namespace xylem::test {

struct StateCheckerOptions {
  unsigned pull_every = 1;  ///< The next pull is tried after every so manieth different state.
  unsigned ostree_every = 50;
};

/// Makes repositories from images, looks whether they are in order, each different one once, and
/// counts. What differs in tmp/ only is looked at by the next pull only.
class StateChecker {
 public:
  /// `repo` is where the repository is made; the pull wants `refs`, which are at `commits`.
  StateChecker(std::string repo, std::vector<std::string> refs, std::vector<std::string> commits,
               const StateCheckerOptions& options);

  /// False, after it said so, if the repository is broken. `how` it came about is for people.
  bool check(const DiskImage& image, const std::string& how);

  std::size_t broken() const { return broken_; }
  std::string counts() const;

 private:
  std::string find_trouble(bool look, bool pull);

  std::string repo_;
  std::vector<std::string> refs_;
  std::vector<std::string> commits_;
  StateCheckerOptions options_;
  std::unordered_set<std::size_t> seen_;
  std::unordered_set<std::size_t> seen_outside_;
  std::size_t visited_ = 0;
  std::size_t checked_ = 0;
  std::size_t pulled_ = 0;
  std::size_t by_ostree_ = 0;
  std::size_t broken_ = 0;
};

}  // namespace xylem::test
