#pragma once

/// \file
/// Room `repo/transaction`: a transaction from its lock to its published refs, and how several of
/// them share their work. Knows nothing of networks, where objects come from.
///
/// A transaction adds objects and refs to a repository. Its life:
///
///   open      takes the shared repository lock and a staging directory of its own
///   ingest()  puts checked objects into staging; nobody else sees them
///   commit    one syncfs, then rename without replacing into objects/ (first writer wins), fsync
///             of the touched directories, refs, and clean-up: invariants 1 to 3
///   ~         without commit: keeps the staging directory for the next transaction of this boot,
///             so that nothing has to be downloaded twice; publishes nothing
///
/// Beside its own objects it publishes what transactions that ended early left in tmp/, hashed, but
/// none of their commits. So nothing stays there for ever, and whoever wanted it still finds it.
///
/// ingest(), has*, try_load_metadata(), stored_size() and take_from_peers() are safe from several
/// threads at once; the rest is for one thread.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "object/names/names.hpp"
#include "repo/ingest/ingest.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/refs/change_refs.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/claims.hpp"

namespace xylem::repo {

enum class FsyncMode {
  Normal,     ///< One barrier at commit.
  PerObject,  ///< Also fsync each content file before it gets its name in staging.
  Off,        ///< Nothing is made durable: for throw-away repositories.
};

struct TransactionOptions {
  FsyncMode fsync = FsyncMode::Normal;
  /// Refuse content files whose mode a bare-user-only repository could not keep.
  bool require_bare_user_only_files = false;
  /// Also use what other transactions have in staging now, or left there: take_from_peers().
  bool share_staging = false;
  Pace pace = Pace::Full;  ///< Who waits for whom when work is shared.
  /// Told of metadata in a parent that is damaged or unreadable, and counts as missing; any thread.
  /// Without it there is a warning.
  std::function<void(const object::ObjectName&, const Error&)> on_bad_parent_object{};
};

class Transaction {
 public:
  explicit Transaction(Repo& repo, TransactionOptions options = {}, const CancelToken& cancel = {});
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  Repo& repo() { return repo_; }

  /// In objects/, a parent, or this staging directory. A left-over found in staging is hashed
  /// first; if it is bad it is removed and counts as missing.
  bool has(const object::ObjectName& name);
  /// From staging, objects/ or a parent; nullopt if it is nowhere.
  std::optional<Bytes> try_load_metadata(const object::ObjectName& name);
  /// As above, of a content object, which is not verified.
  std::optional<LoadedFile> try_load_file(const Checksum& file);
  /// Bytes that an object takes on disk in staging, objects/ or a parent; nullopt if it is nowhere.
  std::optional<std::uint64_t> stored_size(const object::ObjectName& name) const;

  /// Stages objects: the only way in.
  Ingest& ingest();

  /// Takes a file that is not what its name says out of objects/, so that it can be staged anew.
  /// The caller has marked the commits that need it.
  void remove_damaged(const Checksum& file);

  /// Whether other transactions are, or were, at work while this one is. Cheap. Needs
  /// share_staging.
  bool has_peers();
  /// Takes an object that another transaction has in staging, hashed unless that one vouches for
  /// it. False if there is none. A file that is vouched for is only borrowed: see settle(). Needs
  /// share_staging.
  bool take_from_peers(const object::ObjectName& name);
  /// Before commit(): makes sure that all borrowed files are published, or staged here. The first
  /// of several transactions that end together does it for all of them. Returns what is lost,
  /// because its owner died and somebody cleaned up: to be fetched again.
  std::vector<Checksum> settle();
  /// By which transactions tell each other what they fetch. Needs share_staging.
  const Claims& claims() const;

  /// Durable before the commit object can become visible (invariant 4).
  void mark_partial(const Checksum& commit);
  /// The marker goes after everything else in commit().
  void mark_complete_on_commit(const Checksum& commit);

  /// Applied by commit() after all objects are durable, all together or not at all; nullopt
  /// deletes. `check` is called under the lock on refs, and throws if the ref is not as it has to
  /// be.
  void set_ref(AnyRef ref, std::optional<Checksum> commit, RefCheck check = {});

  /// Keeps cleaners that go by age from the staging directory. To be called now and then while
  /// nothing is written. Any thread.
  void touch() const;

  /// Publishes. Throws with nothing lost: the objects stay staged, or are published already, and no
  /// ref points at anything incomplete. What a check of set_ref() throws comes out: the objects are
  /// published then, and all refs are as they were. Returns the numbers without what others left.
  IngestStats commit();

  IngestStats stats() const;

 private:
  struct Impl;
  Repo& repo_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xylem::repo
