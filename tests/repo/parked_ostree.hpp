#pragma once

#include <string>

#include "repo/forked.hpp"
#include "repo/ostree_repo.hpp"

namespace xylem::test {

/// A real `ostree commit` in the middle of its transaction, where it stays: it has the shared lock
/// and a staging directory.
class ParkedOstree {
 public:
  explicit ParkedOstree(const OstreeRepo& repo);
  pid_t pid() const { return child_.pid(); }
  /// With SIGKILL.
  void kill() { child_.kill(); }
  /// Name of its staging directory in tmp/.
  const std::string& staging() const { return staging_; }

 private:
  Forked child_;
  std::string staging_;
};

}  // namespace xylem::test
