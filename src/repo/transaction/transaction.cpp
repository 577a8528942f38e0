#include "repo/transaction/transaction.hpp"

#include <map>
#include <set>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "base/test_error.hpp"
#include "object/verify.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/published_objects.hpp"
#include "repo/partial.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/staging/tmp_cleanup.hpp"
#include "repo/transaction/parent_objects.hpp"
#include "repo/transaction/publish.hpp"
#include "repo/transaction/shared_staging.hpp"
#include "repo/whole_commit.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

FsyncMode effective_fsync(FsyncMode asked, const Config& config) {
  if (asked == FsyncMode::Off || !config.fsync) return FsyncMode::Off;
  return config.per_object_fsync ? FsyncMode::PerObject : asked;
}

IngestOptions ingest_options(const TransactionOptions& options, FsyncMode fsync) {
  return {fsync == FsyncMode::PerObject, options.require_bare_user_only_files,
          fsync == FsyncMode::Normal};
}

/// libostree's own way to try out what a failure leaves behind.
void fail_if_asked_to() {
  if (is_test_error("pre-commit"))
    throw Error(ErrorKind::Io, "OSTREE_REPO_TEST_ERROR_PRE_COMMIT specified",
                {.hint = "unset OSTREE_REPO_TEST_ERROR to commit"});
}

/// Makes room; a failure only costs space.
void clean_up(const Repo& repo, const CancelToken& cancel) try {
  clean_tmp(repo.tmp(), repo.config().tmp_expiry, cancel).failures.throw_if_any("Left-overs");
} catch (const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) throw;
  log_warning("Cleaning up tmp/: {}", error.what());
}

/// From then on nothing that is in objects/ is deleted. What is slow comes before it.
RepoLock lock_for_writing(Repo& repo, const CancelToken& cancel) {
  repo.require_writable();
  clean_up(repo, cancel);
  return repo.lock(os::LockMode::Shared, cancel);
}

bool is_beside_staging(const Repo& repo, const StagingArea& area) {
  const auto state = os::try_stat({repo.dir(), layout::state});
  return state && state->st_dev == os::stat(area.store().dir()).st_dev;
}

std::unique_ptr<SharedStaging> share(const Repo& repo, const TransactionOptions& options) {
  repo.require_writable();
  return options.share_staging ? std::make_unique<SharedStaging>(repo, options.pace) : nullptr;
}

}  // namespace

struct Transaction::Impl {
  Impl(Repo& repo, const TransactionOptions& options, const CancelToken& cancel)
      : shared(share(repo, options)),
        lock(lock_for_writing(repo, cancel)),
        published(repo.store(), lock.held() || repo.caller_holds_lock()),
        parents(repo, options.on_bad_parent_object, cancel),
        fsync(effective_fsync(options.fsync, repo.config())),
        ingest(repo, ingest_options(options, fsync), cancel),
        barrier_covers_markers(is_beside_staging(repo, ingest.area())) {
    if (shared) shared->peers().exclude(ingest.area().name());
  }

  bool durable() const { return fsync != FsyncMode::Off; }
  StagingPeers& peers(const Repo& repo);
  bool changes_refs() const { return !refs.empty(); }
  void require_open() const;

  // The steps of commit(), in this order.
  void take_left_overs(const Repo& repo);
  std::vector<ObjectName> publish(const Repo& repo);
  void remove_obsolete(const LooseStore& objects, const std::vector<ObjectName>& commits) const;
  void write_refs(Repo& repo) const;
  void tidy() noexcept;

  std::unique_ptr<SharedStaging> shared;   ///< First: it has what clean_up() must not take.
  std::unique_ptr<StagingPeers> unshared;  ///< Made for the end, by who shares nothing before.
  RepoLock lock;
  PublishedObjects published;  ///< Of the repository itself, not of its parents.
  ParentObjects parents;
  FsyncMode fsync;
  Ingest ingest;
  /// state/ is on the file system that publishing flushes.
  const bool barrier_covers_markers;

  std::vector<Checksum> complete;
  std::map<AnyRef, RefChange> refs;
  bool committed = false;
};

void Transaction::Impl::require_open() const {
  if (committed) throw Error(ErrorKind::InvalidArgument, "The transaction has been committed");
}

StagingPeers& Transaction::Impl::peers(const Repo& repo) {
  if (shared) return shared->peers();
  if (!unshared) {
    unshared = std::make_unique<StagingPeers>(repo);
    unshared->exclude(ingest.area().name());
  }
  return *unshared;
}

/// What others left in tmp/ goes along: published, it costs no space there, serves whoever wanted
/// it, and is found by the next prune. It must not fail what we were asked for.
void Transaction::Impl::take_left_overs(const Repo& repo) try {
  ingest.area().adopt_left_overs(repo.store(), ingest.cancel_token());
  peers(repo).take_left_overs(ingest);
} catch (const Error& error) {
  if (error.kind() == ErrorKind::Cancelled) throw;
  log_warning("What others left in tmp/ stays there: {}", error.what());
}

/// Returns the new commits.
std::vector<ObjectName> Transaction::Impl::publish(const Repo& repo) {
  const auto borrowed = shared ? shared->borrowed() : std::vector<ObjectName>();
  // Objects that were found may have been published by a process that had not synced them yet, or
  // never will. Without any of our own there is no barrier that keeps them.
  const bool nothing_to_publish = ingest.area().is_empty() && borrowed.empty();
  const bool relies_on_others = nothing_to_publish && (changes_refs() || !complete.empty());
  if (durable() && relies_on_others) os::syncfs(repo.dir());
  auto commits = publish_objects(ingest.area(), repo.store(), borrowed, durable());
  if (shared) shared->end_turn();
  return commits;
}

/// Detached metadata that shall go, and tombstones of commits that are back.
void Transaction::Impl::remove_obsolete(const LooseStore& objects,
                                        const std::vector<ObjectName>& commits) const {
  for (const Checksum& commit : ingest.removed_commitmeta())
    objects.remove({commit, ObjectType::CommitMeta});
  for (const ObjectName& commit : commits)
    objects.remove({commit.checksum, ObjectType::TombstoneCommit});
}

void Transaction::Impl::write_refs(Repo& repo) const {
  if (!changes_refs()) return;
  std::vector<RefChange> changes;
  for (const auto& [ref, change] : refs) changes.push_back(change);
  RefEditor(repo, lock, ingest.cancel_token()).apply(changes, durable());
}

/// Everything is published: what fails now is only worth a warning.
void Transaction::Impl::tidy() noexcept {
  try {
    ingest.area().remove();
    if (StagingPeers* left = shared ? &shared->peers() : unshared.get()) left->remove_left_overs();
  } catch (const std::exception& error) {
    log_warning("After the transaction: {}", error.what());
  }
}

Transaction::Transaction(Repo& repo, TransactionOptions options, const CancelToken& cancel)
    : repo_(repo), impl_(std::make_unique<Impl>(repo, options, cancel)) {}

Transaction::~Transaction() = default;

bool Transaction::has(const ObjectName& name) {
  return impl_->published.has(name) || impl_->parents.has(name) || impl_->ingest.area().has(name);
}

void Transaction::remove_damaged(const Checksum& file) {
  impl_->published.remove({file, ObjectType::File});
}

std::optional<Bytes> Transaction::try_load_metadata(const ObjectName& name) {
  // Detached metadata that is staged is newer than what is published.
  const bool staged_first = name.type == ObjectType::CommitMeta;
  if (staged_first && impl_->ingest.area().has(name))
    return impl_->ingest.area().store().load_metadata(name);
  if (auto bytes = repo_.store().load_metadata(name)) return bytes;
  if (auto bytes = impl_->parents.load_metadata(name)) return bytes;
  if (!staged_first && impl_->ingest.area().has(name))
    return impl_->ingest.area().store().load_metadata(name);
  return std::nullopt;
}

std::optional<LoadedFile> Transaction::try_load_file(const Checksum& file) {
  if (auto loaded = repo_.store().load_file(file)) return loaded;
  if (auto loaded = impl_->parents.load_file(file)) return loaded;
  if (impl_->ingest.area().has({file, ObjectType::File}))
    return impl_->ingest.area().store().load_file(file);
  return std::nullopt;
}

std::optional<std::uint64_t> Transaction::stored_size(const ObjectName& name) const {
  for (const Repo* repo = &repo_; repo != nullptr; repo = repo->parent())
    if (const auto size = repo->store().stored_size(name)) return size;
  if (!impl_->ingest.area().is_staged(name)) return std::nullopt;
  return impl_->ingest.area().store().stored_size(name);
}

Ingest& Transaction::ingest() {
  return impl_->ingest;
}

bool Transaction::has_peers() {
  return impl_->shared && impl_->shared->peers().any();
}

bool Transaction::take_from_peers(const ObjectName& name) {
  if (!impl_->shared) return false;
  const auto holders = impl_->shared->peers().holders_of(name);
  if (holders.empty()) return false;
  const bool may_borrow = !impl_->ingest.restricts_modes();
  return (may_borrow && impl_->shared->try_borrow(name, holders)) ||
         StagingPeers::take(impl_->ingest, name, holders).has_value();
}

std::vector<Checksum> Transaction::settle() {
  std::vector<Checksum> lost;
  if (!impl_->shared) return lost;
  for (const ObjectName& name : impl_->shared->unsettled(impl_->ingest.cancel_token())) {
    const auto holders = impl_->shared->peers().holders_of(name);
    if (StagingPeers::take(impl_->ingest, name, holders).has_value() || repo_.has(name)) continue;
    impl_->shared->give_back(name);
    lost.push_back(name.checksum);
  }
  if (!lost.empty()) impl_->shared->end_turn();
  return lost;
}

const Claims& Transaction::claims() const {
  return impl_->shared->claims();
}

void Transaction::mark_partial(const Checksum& commit) {
  // The barrier that makes the commit durable comes before the commit is visible, and makes the
  // marker durable with it.
  const bool needs_flush = impl_->durable() && !impl_->barrier_covers_markers;
  repo::mark_partial(repo_, commit, CommitState::Partial, needs_flush);
}

void Transaction::mark_complete_on_commit(const Checksum& commit) {
  impl_->complete.push_back(commit);
}

void Transaction::set_ref(AnyRef ref, std::optional<Checksum> commit, RefCheck check) {
  RefChange change{.ref = ref, .value = {}, .check = std::move(check)};
  if (commit) change.value = *commit;
  impl_->refs.insert_or_assign(std::move(ref), std::move(change));
}

void Transaction::touch() const {
  impl_->ingest.area().touch();
}

IngestStats Transaction::commit() {
  impl_->require_open();
  impl_->ingest.cancel_token().check();
  fail_if_asked_to();
  const IngestStats wanted = stats();
  impl_->take_left_overs(repo_);
  const auto commits = impl_->publish(repo_);
  impl_->remove_obsolete(repo_.store(), commits);
  impl_->write_refs(repo_);
  for (const Checksum& commit : impl_->complete) {
    unmark_partial(repo_, commit);
    record_whole(repo_, commit);
  }
  impl_->committed = true;
  impl_->tidy();
  if (impl_->changes_refs() && repo_.config().auto_update_summary) update_summary(repo_);
  return wanted;
}

IngestStats Transaction::stats() const {
  return impl_->ingest.stats();
}

}  // namespace xylem::repo
