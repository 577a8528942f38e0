#pragma once

/// \file
/// What whole pulls over a bad network are tested with: a repository made by the real `ostree`, a
/// server that misbehaves, and an empty repository to pull into.

#include <string>

#include "xylem/error.hpp"

#include "support/fault_server.hpp"
#include "support/temp_dir.hpp"
#include "xylem/pull.hpp"

namespace xylem::test {

inline const std::string os_ref = "os/test";

/// A repository in archive mode: files of all sizes below the ref, and a summary.
class SourceRepo {
 public:
  SourceRepo();
  const std::string& path() const { return path_; }
  FileDescriptor fd() const { return fd_; }
  /// Commits the tree with one more file.
  void commit();
  /// Has `ostree` write the summary.
  void update_summary() const;
  /// Checksum of the newest commit.
  std::string head() const;
  /// Path, relative to the repository, of the largest object.
  std::string largest_object() const;

 private:
  TempDir dir_;
  std::string path_;
  UniqueFd fd_;
  int newest_ = 10;
};

/// An empty repository with a remote `origin`.
class TargetRepo {
 public:
  explicit TargetRepo(const std::string& url, const std::string& mode = "archive");
  std::string path() const { return dir_ / "repo"; }
  /// Sets `key` of the remote.
  void configure(const std::string& key, const std::string& value) const;
  /// Pulls the ref. Throws Error.
  PullResult pull(PullOptions options = {}) const;
  /// The error of a pull that has to fail.
  Error failure(PullOptions options = {}) const;
  /// Whether `ostree` has no complaint, and finds the commit.
  bool is_sound(const std::string& commit) const;

 private:
  TempDir dir_;
};

/// Options under which a test does not wait long.
PullOptions impatient();
/// As above, for servers that fall silent. A busy machine may look like one, too: tries are many.
PullOptions impatient_with_silence();

}  // namespace xylem::test
