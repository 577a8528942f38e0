#pragma once

/// \file
/// Room `fetcher/download`: bodies on their way into memory or a file, and going on with one that
/// was cut. Knows nothing of curl, retries, mirrors.
///
/// A body on its way to a file of the download directory, and what earlier ones left there:
///
/// - `<name>.part`: the first bytes of a body;
/// - `<name>.json`: its DownloadRecord;
/// - `<name>`: a whole body whose receiver never came for it;
/// - `anonymous-<n>.part`, `anonymous-<n>`: the same for bodies that have no name of their own.

#include <optional>
#include <string>
#include <unordered_set>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"
#include "fetcher/download/body_watcher.hpp"
#include "fetcher/download/download_record.hpp"

namespace xylem::fetcher {

/// The file itself, open. The destructor leaves it there, for the next try.
class PartialFile {
 public:
  /// Opens what is there, or makes it. Throws Error(Io), Error(NoSpace).
  PartialFile(FileDescriptor dir, std::string name);

  std::uint64_t size() const { return size_; }
  const std::optional<DownloadRecord>& record() const { return record_; }

  /// Tells `watcher`, borrowed, of the file and of all that is appended from now on.
  void show_to(BodyWatcher& watcher, std::uint64_t total);
  /// Tells who watches that the bytes are void, and forgets it.
  void dismiss_watcher();
  /// As above, and forgets all bytes.
  void start_over();
  /// Writes the record; `started` is kept from the record that was there.
  void describe(DownloadRecord record);
  /// Appends.
  void write(ByteView bytes);
  /// All bytes are there: gives the file its final name, drops the record, and returns the name.
  std::string finish();

 private:
  FileDescriptor dir_;
  std::string name_;
  UniqueFd file_;
  std::uint64_t size_ = 0;
  std::optional<DownloadRecord> record_;
  BodyWatcher* watcher_ = nullptr;
};

/// The download directory. One thread. The directory is borrowed.
class DownloadDirectory {
 public:
  /// Looks at what is there, and removes anonymous left-overs.
  explicit DownloadDirectory(FileDescriptor dir);

  FileDescriptor fd() const { return dir_; }
  /// A name that nobody else uses.
  std::string next_anonymous_name();

  /// Files of this name may be there now, of whoever put them there.
  void expect(const std::string& name);

  /// Takes a name for one download at a time; false if another one has it now.
  bool claim(const std::string& name) { return claimed_.insert(name).second; }
  void unclaim(const std::string& name) { claimed_.erase(name); }

  /// Whether take_finished() may find something.
  bool has_finished(const std::string& name) const { return seen_.contains(name); }
  /// Size of the whole body of this name, if an earlier user of the directory left one. Once: it is
  /// handed to one receiver.
  std::optional<std::uint64_t> take_finished(const std::string& name);
  /// The partial file of this name, if there is one.
  std::optional<PartialFile> open_partial(const std::string& name);
  PartialFile create_partial(const std::string& name);
  /// Removes everything of this name.
  void remove(const std::string& name);

 private:
  FileDescriptor dir_;
  std::unordered_set<std::string> seen_;  ///< Files that may be there.
  std::unordered_set<std::string> claimed_;
  std::uint64_t next_anonymous_ = 0;
};

}  // namespace xylem::fetcher
