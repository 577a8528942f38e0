#pragma once

#include <ctime>
#include <set>
#include <string>

#include "repo/tmpdir.hpp"

namespace xylem::pull {

/// A fetcher's own directory for large bodies. When the pull is over it is removed if it is empty,
/// and otherwise left, unlocked, to the next fetcher: partial files are never thrown away here.
class DownloadDir {
 public:
  /// Takes over what dead fetchers left.
  explicit DownloadDir(FileDescriptor tmp);
  DownloadDir(DownloadDir&&) noexcept = default;
  DownloadDir& operator=(DownloadDir&&) = delete;
  ~DownloadDir();

  FileDescriptor fd() const { return dir_.fd(); }
  /// Takes over what a fetcher that died meanwhile left of one download; false if there is nothing.
  bool take_over(const std::string& download);
  /// Looks for what others left who died since this began.
  void look_for_abandoned();
  /// Whether take_over() would find this download, as far as was seen at the last look.
  bool is_abandoned(const std::string& download) const { return abandoned_.contains(download); }
  /// Whether somebody has asked this user of the directory to end.
  bool is_abort_requested() const;
  /// Makes it look young to cleaners that go by age.
  void touch() const { dir_.touch(); }

 private:
  FileDescriptor tmp_;
  repo::TmpDir dir_;
  std::set<std::string> abandoned_;
  struct timespec taken_ {};  ///< Not later than this is ours.
};

}  // namespace xylem::pull
