#pragma once

#include <string>

#include "repo/disk/mode.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

constexpr char small_ref[] = "os/small";
constexpr char other_ref[] = "os/other";

/// An archive repository, made by `ostree`, with as little in it as a pull can have something of
/// everything: regular files, an empty one, a symlink, directories, detached metadata; and, from
/// the second commit on, a file that is too large to be held in memory.
class SampleSource {
 public:
  SampleSource();

  const std::string& path() const { return path_; }
  /// Commits the next version to `ref`.
  void commit(const std::string& ref = small_ref);
  /// The commit that a ref is at now.
  std::string commit_of(const std::string& ref) const;

 private:
  TempDir dir_;
  std::string path_;
  unsigned version_ = 0;
};

/// All modes, or those that this user can make objects of.
std::vector<repo::Mode> testable_modes();

/// A new repository at `path` with the remote "origin".
void make_target(const std::string& path, repo::Mode mode, const std::string& url);

}  // namespace xylem::test
