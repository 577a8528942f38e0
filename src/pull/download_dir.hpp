#pragma once

#include "repo/tmpdir.hpp"

namespace xylem::pull {

/// A fetcher's own directory for large bodies. When the pull is over it is removed if it is empty,
/// and otherwise left, unlocked, to the next fetcher: partial files are never thrown away here.
class DownloadDir {
 public:
  explicit DownloadDir(FileDescriptor tmp);
  DownloadDir(DownloadDir&&) noexcept = default;
  DownloadDir& operator=(DownloadDir&&) = delete;
  ~DownloadDir();

  FileDescriptor fd() const { return dir_.fd(); }
  /// Makes it look young to cleaners that go by age.
  void touch() const { dir_.touch(); }

 private:
  repo::TmpDir dir_;
};

}  // namespace xylem::pull
