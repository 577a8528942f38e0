#pragma once

/// \file
/// What a process did to a directory tree, call by call.

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/os/os_observer.hpp"
#include "crash/disk_image.hpp"

namespace xylem::test {

struct Step {
  enum class Kind {
    Create,  ///< `inode` with `attributes` and, for a symlink, `bytes`; in `dir` unless nameless.
    Link,    ///< `inode` gets one more name.
    Rename,
    Remove,  ///< The name; `inode` is what had it.
    SetAttributes,
    Write,
    Truncate,  ///< To `offset`.
    Sync,      ///< `inode`, a file or a directory.
    SyncAll,
  };
  Kind kind;
  Inode inode = no_inode;
  Inode dir = no_inode;
  std::string name{};
  Inode from_dir = no_inode;
  std::string from_name{};
  Attributes attributes{};
  Bytes bytes{};
  std::uint64_t offset = 0;
};

/// A tree and what happened to it from then on.
struct Recording {
  DiskImage start;
  std::vector<Step> steps;
  Inode next_inode = 0;
};

/// Applies what is about names, nodes and attributes; data and syncs it leaves alone. A step whose
/// earlier ones were left out still has its effect: the name is there, or is not.
void apply_metadata(DiskImage& image, const Step& step);

/// The tree after the first `count` steps as every process sees it: nothing is lost.
DiskImage tree_after(const Recording& recording, std::size_t count);

/// Appends to a recording what the process does below a directory. Calls are made one after the
/// other, so that their order is that of the recording.
class Recorder : public os::Observer {
 public:
  /// Records what happens to the files that `ids` names, and to new ones below them.
  Recorder(Recording& recording, FileIds ids) : recording_(recording), ids_(std::move(ids)) {}

  /// Before this is called nothing is left out: to show that a test would notice if the pull did
  /// not sync. Steps for which `leave_out` is true do not count as having happened.
  void leave_out(std::function<bool(const Step&)> leave_out) { leave_out_ = std::move(leave_out); }

  long call(const os::Call& call, const std::function<long()>& real) override;

 private:
  /// What is known before the call and lost by it.
  struct Before {
    bool existed = false;
    Inode inode = no_inode;
    std::uint64_t position = 0;
  };
  struct Place {
    Inode dir = no_inode;
    std::string name;
  };

  Before look(const os::Call& call) const;
  void note(const os::Call& call, const Before& before, long result);
  void note_create(const os::Call& call, const Before& before, long result);
  void note_attributes(const os::Call& call);
  void note_sync(const os::Call& call);
  void add(Step step);
  Inode make_inode(const FileId& id);

  Inode find(const struct stat& info) const;
  Inode find(FileDescriptor fd) const;
  Inode find(const PathAt& path) const;
  Place place_of(const PathAt& path) const;

  Recording& recording_;
  FileIds ids_;
  std::function<bool(const Step&)> leave_out_;
  std::mutex mutex_;
};

}  // namespace xylem::test
