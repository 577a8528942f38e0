#pragma once

#include <functional>
#include <set>
#include <string>

#include "object/names/object_name.hpp"
#include "pull/downloads/pull_record.hpp"
#include "repo/locks/tmpdir.hpp"

namespace xylem::pull {

/// A fetcher's own directory for large bodies; nobody had it before. When the pull is over it is
/// removed if it is empty, and otherwise left, unlocked, for others to take over what is in it:
/// partial files are never thrown away here.
class DownloadDir {
 public:
  /// Begins empty: a pull that only waits must not keep what dead ones left from those that work.
  explicit DownloadDir(FileDescriptor tmp);
  DownloadDir(DownloadDir&&) noexcept = default;
  DownloadDir& operator=(DownloadDir&&) = delete;
  ~DownloadDir();

  FileDescriptor fd() const { return dir_.fd(); }
  /// Takes over what dead fetchers left of one download; false if there is nothing.
  bool take_over(const std::string& download);
  /// Looks for what dead fetchers left.
  void look_for_abandoned();
  /// Whether take_over() would find this download, as far as was seen at the last look.
  bool is_abandoned(const std::string& download) const { return abandoned_.contains(download); }
  /// The pull has ended well: removes what dead fetchers left in vain. See
  /// remove_unwanted_downloads(). Any thread.
  void remove_unwanted(const std::function<bool(const object::ObjectName&)>& here,
                       const PullRecord* done) const;
  /// Bytes that the downloads take on disk now.
  std::uint64_t weight() const noexcept;
  /// Whether somebody has asked the pull to end.
  bool is_abort_requested() const;
  /// Makes it look young to cleaners that go by age.
  void touch() const { dir_.touch(); }

 private:
  FileDescriptor tmp_;
  repo::TmpDir dir_;
  std::set<std::string> abandoned_;
};

}  // namespace xylem::pull
