#pragma once

/// \file
/// An OSTree repository, for programs that keep one up to date.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "xylem/cancel.hpp"
#include "xylem/deltas.hpp"
#include "xylem/error.hpp"
#include "xylem/maintenance.hpp"
#include "xylem/pull.hpp"
#include "xylem/transfers.hpp"

namespace xylem {

/// How a repository stores files; see docs/on-disk.md.
enum class RepositoryMode { Archive, Bare, BareUser, BareUserOnly };

/// An open repository. Movable. Any number of them, in this and in other processes, may be open on
/// one path and pull at the same time. An object may be used by one thread at a time; only pulls
/// may run concurrently.
class Repository {
 public:
  /// Throws Error(NotFound) unless there is a repository at `path`.
  static Repository open(const std::string& path);
  /// As open(), of a directory that is open already, and is duplicated. `remotes_dir` is where
  /// further remotes are configured; empty is where they are for a repository at that place.
  static Repository open_at(int directory, const std::string& remotes_dir = {});
  /// Creates a repository, or opens an existing one.
  static Repository create(const std::string& path, RepositoryMode mode);

  /// The same open repository once more, for another thread that pulls. Cheap.
  Repository share() const;

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  /// Refs ("ref" or "remote:ref") and their commits; one that cannot be read is left out.
  std::map<std::string, std::string> refs() const;
  /// The commit that a ref, `remote:ref`, checksum prefix or `ref^` resolves to; nullopt if none.
  std::optional<std::string> resolve(const std::string& rev) const;
  /// Whether the commit is present and not marked partial.
  bool is_complete(const std::string& commit) const;

  /// Adds a remote, or changes one: in the file that holds it, whatever else edits that meanwhile.
  /// `options` are further keys, as in `ostree remote add --set`; keys that are not named stay as
  /// they are. Throws Error(InvalidArgument) for values that cannot be used.
  void set_remote(const std::string& name, const std::string& url,
                  const std::map<std::string, std::string>& options = {});

  /// Deletes unreachable objects, as `xylem prune` does. Waits for running pulls, at most
  /// core.lock-timeout-secs, then throws Error(Locked).
  PruneResult prune(const PruneOptions& options, const CancelToken& cancel = {});
  /// Removes files that killed processes left in tmp/, as `xylem recover` does.
  RecoverResult recover(const CancelToken& cancel = {});
  RecoverResult recover(const RecoverOptions& options, const CancelToken& cancel = {});
  /// Checks all objects, removes corrupt ones, and fetches corrupt and missing ones again, as
  /// `xylem fsck --repair` does. The result lists what could not be repaired; it is not thrown.
  RepairResult repair(const CancelToken& cancel = {});

  /// The running and interrupted downloads into this repository, by any process.
  std::vector<Transfer> transfers() const;
  /// Stops the pull that owns the transfer, in whatever process, and deletes its partial data.
  /// Throws Error(NotFound), and Error(Locked) if the owner does not react.
  void abort_transfer(const std::string& name, const CancelToken& cancel = {});

  /// Names of the static deltas here, sorted: "FROM-TO" or "TO".
  std::vector<std::string> deltas() const;
  /// Makes a static delta. If it fails or is cancelled, an older one stays as it was. Throws
  /// Error(NotFound) for what a commit lacks, Error(Corrupt) for a damaged object.
  DeltaResult generate_delta(const DeltaOptions& options, const CancelToken& cancel = {});
  /// Checks the signature of a delta, by its name or at a path with a slash in it. Throws
  /// Error(SignatureInvalid) unless one of the keys made one.
  void verify_delta(const std::string& delta, const DeltaKeys& keys) const;
  /// Brings the commit of a delta in files here, all or nothing; no ref is set. With keys, the
  /// delta must be signed by one of them. Throws Error(NotFound) if its first commit is not here.
  DeltaApplied apply_delta(const std::string& path, const DeltaKeys& keys = {},
                           const CancelToken& cancel = {});
  /// Throws Error(NotFound).
  void delete_delta(const std::string& delta);
  /// Makes the indexes say which deltas there are, for clients to look at.
  void reindex_deltas();

  /// Pulls, and blocks until it is done. Throws Error; data fetched before a failure is kept for
  /// the next pull. `observer` may be null.
  PullResult pull(const PullOptions& options, PullObserver* observer = nullptr,
                  const CancelToken& cancel = {}) const;

  /// Pulls on threads of its own, and returns at once. Completes with
  /// `void(std::exception_ptr, PullResult)` on the token's executor; the token's cancellation slot
  /// cancels the pull. This object may be destroyed meanwhile; `observer` must live until the
  /// completion. Destroying the executor's context (an io_context, or at exit the system's) cancels
  /// the pull, waits for its thread, and calls no handler. Defined in xylem/async.hpp.
  template <typename CompletionToken>
  auto async_pull(PullOptions options, PullObserver* observer, CompletionToken&& token) const;

 private:
  struct Impl;

  explicit Repository(std::shared_ptr<Impl> impl);
  template <typename Handler>
  static void start(Repository repository, Handler handler, PullOptions options,
                    PullObserver* observer);

  std::shared_ptr<Impl> impl_;
};

}  // namespace xylem

#ifndef XYLEM_NO_ASYNC
#include "xylem/async.hpp"
#endif
