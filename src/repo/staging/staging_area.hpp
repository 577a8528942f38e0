#pragma once

/// \file
/// Room `repo/staging`: staging directories: files without a name yet, the space that they may
/// take, what others have left. Knows nothing of objects' formats, refs, publishing.
///
/// The staging directory of one transaction. Below it lie the objects, as `ab/<62>.<extension>`;
/// directly in it lie temporary files, which are not objects yet, unless they can do without names.
/// Another transaction of this boot, ours or libostree's, may go on with what one leaves.

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <vector>

#include "repo/disk/layout.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/loose/loose_store.hpp"
#include "repo/repo.hpp"
#include "repo/staging/object_dirs.hpp"
#include "repo/staging/staged_names.hpp"

namespace xylem::repo {

/// Whether an object of this type may be published though nothing refers to it. A commit may not:
/// it stands for a tree that has to be whole.
bool is_useful_alone(object::ObjectType type);

/// Thread-safe but for remove_if_empty(). The destructor keeps what is staged, for the next
/// transaction; an empty directory it removes.
class StagingArea {
 public:
  /// Allocates in repo.tmp(). Temporary files of an earlier user are removed.
  explicit StagingArea(const Repo& repo);
  StagingArea(const StagingArea&) = delete;
  StagingArea& operator=(const StagingArea&) = delete;
  ~StagingArea();

  /// The staged objects, as a store to read from. It also shows left-overs that nobody checked.
  const LooseStore& store() const { return store_; }

  /// A name for a temporary file that nobody has used yet.
  PathAt temporary();
  /// An empty file without a name, open for reading and writing; invalid where such files cannot be
  /// made and named. What becomes of it is place(), or nothing.
  UniqueFd try_open_nameless(mode_t mode);

  /// Renames a temporary file, which has been checked to be this object, to the object's name.
  /// False if this transaction has staged the object before; the file stays then. Detached metadata
  /// replaces its predecessor.
  bool place(const PathAt& temporary, const object::ObjectName& name);
  /// As above, of a file without a name; not of detached metadata.
  bool place(FileDescriptor nameless, const object::ObjectName& name);
  /// Stages a hard link to a checked file, which may be open with O_PATH. `by_design` are the
  /// permissions that its header demands. False if others could change it (may_trust()), or no link
  /// can be made: then it has to be copied. Nothing else makes links.
  bool link(FileDescriptor file, const object::ObjectName& name, mode_t by_design = 0);
  /// Whether link() would try: before a file is hashed in vain.
  bool may_link(FileDescriptor file, mode_t by_design = 0) const;
  /// Whether nobody else can change an open file: it may be staged as it is.
  bool may_trust(FileDescriptor file) const;

  /// Staged by this transaction, or left over by an earlier one and good: the first question about
  /// a left-over hashes it, and removes it if it is bad.
  bool has(const object::ObjectName& name);
  /// As above, without a look at left-overs.
  bool is_staged(const object::ObjectName& name) const { return staged_.contains(name); }
  /// Looks again at a staged object that may not have been checked; a bad one is removed.
  bool is_still_good(const object::ObjectName& name);
  /// Staged or adopted by this transaction: what commit() shall publish. `prefix` is the first byte
  /// of their checksums.
  std::vector<object::ObjectName> staged(std::size_t prefix) const {
    return staged_.with_prefix(prefix);
  }
  /// Nothing is.
  bool is_empty() const { return staged_.empty(); }
  std::uint64_t adopted() const { return adopted_; }

  /// Makes it look young to cleaners that go by age. Staging something does so now and then.
  void touch() const { dir_.touch(); }

  const std::string& name() const { return dir_.name(); }
  /// From now on objects may be staged that nobody has checked: other transactions that look here
  /// have to check them.
  void allow_unchecked() { checked_mark_.release(); }

  /// Adopts what an earlier user left: all that is good, may be published without its commit, and
  /// is not `published`. Nobody else comes for it, and it must not stay in tmp/ for ever. Throws
  /// Error(Cancelled).
  void adopt_left_overs(const LooseStore& published, const CancelToken& cancel);
  /// All that was wanted is published: removes the directory. Nothing can be staged after it.
  void remove();
  /// As above, unless something is staged.
  void remove_if_empty();

 private:
  bool names_nameless_files();
  bool adopt(const object::ObjectName& name);
  bool verify_or_remove(const object::ObjectName& name) const;
  void require_trusted(const object::ObjectName& name) const;
  std::mutex& guard_of(const object::ObjectName& name);
  void touch_now_and_then();
  void remove_temporaries() const;

  TmpDir dir_;
  LooseStore store_;
  ObjectDirs object_dirs_;
  LockFile checked_mark_;  ///< Held in a directory that began empty; see StagingPeers.
  std::atomic<std::uint64_t> next_temporary_ = 0;
  std::once_flag tried_nameless_;
  bool names_nameless_ = false;  ///< Known after tried_nameless_.
  std::atomic<std::uint64_t> adopted_ = 0;
  std::atomic<std::chrono::steady_clock::rep> touched_;

  /// What has a name in staging changes under the guard of its prefix only, so that a left-over is
  /// not removed just after somebody put a good object in its place.
  std::array<std::mutex, layout::prefixes> guards_;
  StagedNames staged_;
};

}  // namespace xylem::repo
