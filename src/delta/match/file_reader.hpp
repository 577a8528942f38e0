#pragma once

#include <memory>

#include "delta/apply/spool.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

/// The content of a file, in memory or in a file without a name.
class Content {
 public:
  explicit Content(Bytes bytes);
  explicit Content(std::unique_ptr<Spool> spool);

  /// Empty unless it is in memory.
  ByteView bytes() const { return bytes_; }
  const RandomSource& source() const { return *source_; }
  std::uint64_t size() const { return source_->size(); }

 private:
  Bytes bytes_;
  std::unique_ptr<RandomSource> source_;
};

/// Reads file objects of a repository and its parents, and checks them. Thread-safe.
class FileReader {
 public:
  /// All are borrowed. `spool_dir` is where content goes that is not wanted in memory.
  FileReader(const repo::Repo& repo, FileDescriptor spool_dir, CancelToken cancel)
      : repo_(repo), spool_dir_(spool_dir), cancel_(std::move(cancel)) {}

  const repo::Repo& repo() const { return repo_; }
  /// Throws Error(NotFound) and Error(Corrupt), which name the object.
  Content load(const Checksum& file, bool in_memory) const;

 private:
  const repo::Repo& repo_;
  FileDescriptor spool_dir_;
  CancelToken cancel_;
};

}  // namespace xylem::delta
