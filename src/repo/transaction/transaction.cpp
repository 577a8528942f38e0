#include "repo/transaction/transaction.hpp"

#include <map>
#include <set>

#include "base/log.hpp"
#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/ingest/filez_import.hpp"
#include "repo/ingest/object_import.hpp"
#include "repo/ingest/staging_area.hpp"
#include "repo/ingest/tmp_cleanup.hpp"
#include "repo/loose/published_objects.hpp"
#include "repo/partial.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/transaction/publish.hpp"
#include "repo/transaction/shared_staging.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

FsyncMode effective_fsync(FsyncMode asked, const Config& config) {
  if (asked == FsyncMode::Off || !config.fsync) return FsyncMode::Off;
  return config.per_object_fsync ? FsyncMode::PerObject : asked;
}

StagerOptions stager_options(const TransactionOptions& options, FsyncMode fsync,
                             const Config& config) {
  return {fsync == FsyncMode::PerObject, options.require_bare_user_only_files, config.zlib_level,
          fsync == FsyncMode::Normal};
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

std::unique_ptr<SharedStaging> share(const Repo& repo, const TransactionOptions& options) {
  repo.require_writable();
  return options.share_staging ? std::make_unique<SharedStaging>(repo, options.pace) : nullptr;
}

}  // namespace

struct Transaction::Impl {
  Impl(Repo& repo, const TransactionOptions& options, const CancelToken& cancel)
      : shared(share(repo, options)),
        lock(lock_for_writing(repo, cancel)),
        published(repo.store(), lock.held()),
        fsync(effective_fsync(options.fsync, repo.config())),
        area(repo),
        budget(repo.dir(), repo.config().min_free_space),
        stager(area, repo.store(), budget, stager_options(options, fsync, repo.config()), cancel) {
    if (shared) shared->peers().exclude(area.name());
  }

  bool durable() const { return fsync != FsyncMode::Off; }
  bool changes_refs() const { return !refs.empty() || !collection_refs.empty(); }
  void count_metadata(bool added) { metadata_written += added ? 1 : 0; }
  void count_content(bool added, std::uint64_t size);
  /// Whether there was anything to count.
  bool count_imported(const ObjectName& name, const std::optional<ImportedObject>& imported);
  /// From a peer's staging directory.
  bool take(const ObjectName& name, const StagingPeers::Peers& holders) {
    return count_imported(name, StagingPeers::take(stager, name, holders));
  }
  void require_open() const;

  // The steps of commit(), in this order.
  std::vector<ObjectName> publish(const Repo& repo);
  void remove_obsolete(const LooseStore& objects, const std::vector<ObjectName>& commits) const;
  void write_refs(Repo& repo) const;
  void tidy(const LooseStore& objects) noexcept;

  std::unique_ptr<SharedStaging> shared;  ///< First: it has what clean_up() must not take.
  RepoLock lock;
  PublishedObjects published;  ///< Of the repository itself, not of its parents.
  FsyncMode fsync;
  StagingArea area;
  SpaceBudget budget;
  ObjectStager stager;

  std::atomic<std::uint64_t> metadata_written = 0;
  std::atomic<std::uint64_t> content_written = 0;
  std::atomic<std::uint64_t> content_bytes_written = 0;

  std::mutex mutex;                       ///< Protects the next.
  std::set<Checksum> removed_commitmeta;  ///< To be removed by commit().

  std::vector<Checksum> complete;
  std::map<object::RefSpec, std::optional<Checksum>> refs;
  std::map<CollectionRef, std::optional<Checksum>> collection_refs;
  bool committed = false;
};

void Transaction::Impl::count_content(bool added, std::uint64_t size) {
  if (!added) return;
  ++content_written;
  content_bytes_written += size;
}

bool Transaction::Impl::count_imported(const ObjectName& name,
                                       const std::optional<ImportedObject>& imported) {
  if (!imported) return false;
  if (object::is_metadata(name.type))
    count_metadata(imported->added);
  else
    count_content(imported->added, imported->size);
  return true;
}

void Transaction::Impl::require_open() const {
  if (committed) throw Error(ErrorKind::InvalidArgument, "The transaction has been committed");
}

/// Returns the new commits.
std::vector<ObjectName> Transaction::Impl::publish(const Repo& repo) {
  const auto borrowed = shared ? shared->borrowed() : std::vector<ObjectName>();
  // Objects that were found may have been published by a process that had not synced them yet, or
  // never will. Without any of our own there is no barrier that keeps them.
  const bool nothing_to_publish = area.is_empty() && borrowed.empty();
  const bool relies_on_others = nothing_to_publish && (changes_refs() || !complete.empty());
  if (durable() && relies_on_others) os::syncfs(repo.dir());
  auto commits = publish_objects(area, repo.store(), borrowed, durable());
  if (shared) shared->end_turn();
  return commits;
}

/// Detached metadata that shall go, and tombstones of commits that are back.
void Transaction::Impl::remove_obsolete(const LooseStore& objects,
                                        const std::vector<ObjectName>& commits) const {
  for (const Checksum& commit : removed_commitmeta)
    objects.remove({commit, ObjectType::CommitMeta});
  for (const ObjectName& commit : commits)
    objects.remove({commit.checksum, ObjectType::TombstoneCommit});
}

void Transaction::Impl::write_refs(Repo& repo) const {
  for (const auto& [spec, commit] : refs) write_ref(repo, spec, commit, durable());
  for (const auto& [ref, commit] : collection_refs) write_ref(repo, ref, commit, durable());
}

/// Everything is published: what fails now is only worth a warning.
void Transaction::Impl::tidy(const LooseStore& objects) noexcept {
  try {
    area.remove_published(objects);
    area.remove_if_empty();
    if (shared) shared->peers().remove_outdated();
  } catch (const std::exception& error) {
    log_warning("After the transaction: {}", error.what());
  }
}

Transaction::Transaction(Repo& repo, TransactionOptions options, const CancelToken& cancel)
    : repo_(repo), impl_(std::make_unique<Impl>(repo, options, cancel)) {}

Transaction::~Transaction() = default;

bool Transaction::has(const ObjectName& name) {
  return impl_->published.has(name) || (repo_.parent() && repo_.parent()->has(name)) ||
         impl_->area.has(name);
}

std::optional<Bytes> Transaction::try_load_metadata(const ObjectName& name) {
  // Detached metadata that is staged is newer than what is published.
  const bool staged_first = name.type == ObjectType::CommitMeta;
  if (staged_first && impl_->area.has(name)) return impl_->area.store().load_metadata(name);
  for (const Repo* repo = &repo_; repo != nullptr; repo = repo->parent())
    if (auto bytes = repo->store().load_metadata(name)) return bytes;
  if (!staged_first && impl_->area.has(name)) return impl_->area.store().load_metadata(name);
  return std::nullopt;
}

std::optional<LoadedFile> Transaction::try_load_file(const Checksum& file) {
  for (const Repo* repo = &repo_; repo != nullptr; repo = repo->parent())
    if (auto loaded = repo->store().load_file(file)) return loaded;
  if (impl_->area.has({file, ObjectType::File})) return impl_->area.store().load_file(file);
  return std::nullopt;
}

std::optional<std::uint64_t> Transaction::stored_size(const ObjectName& name) const {
  for (const Repo* repo = &repo_; repo != nullptr; repo = repo->parent())
    if (const auto size = repo->store().stored_size(name)) return size;
  if (!impl_->area.is_staged(name)) return std::nullopt;
  return impl_->area.store().stored_size(name);
}

void Transaction::write_metadata(const ObjectName& name, ByteView bytes) {
  if (name.type == ObjectType::CommitMeta) return write_commitmeta(name.checksum, bytes);
  object::verify_metadata(name, bytes);
  if (repo_.store().has(name) || impl_->area.has(name)) return;
  impl_->count_metadata(impl_->stager.stage_metadata(name, bytes));
}

Checksum Transaction::write_metadata(ObjectType type, ByteView bytes) {
  const ObjectName name{sha256(bytes), type};
  write_metadata(name, bytes);
  return name.checksum;
}

void Transaction::write_commitmeta(const Checksum& commit, ByteView bytes) {
  const ObjectName name{commit, ObjectType::CommitMeta};
  object::verify_metadata(name, bytes);
  const std::lock_guard lock(impl_->mutex);
  if (bytes.empty()) {
    impl_->removed_commitmeta.insert(commit);
    return;
  }
  impl_->removed_commitmeta.erase(commit);
  impl_->count_metadata(impl_->stager.stage_metadata(name, bytes));
}

Checksum Transaction::write_content(const std::optional<Checksum>& expected,
                                    const object::FileHeader& header, std::uint64_t size,
                                    ByteSource& content) {
  const StagedStream staged = impl_->stager.stage_stream(expected, header, size, content);
  impl_->count_content(staged.added, size);
  return staged.checksum;
}

void Transaction::import_filez(const Checksum& expected, ByteView filez, std::uint64_t limit) {
  const ImportedFile file = repo::import_filez(impl_->stager, expected, filez, limit);
  impl_->count_content(file.added, file.size);
}

void Transaction::import_filez_file(const Checksum& expected, const PathAt& filez,
                                    std::uint64_t limit) {
  const ImportedFile file = repo::import_filez_file(impl_->stager, expected, filez, limit);
  impl_->count_content(file.added, file.size);
}

void Transaction::import_growing_filez(const Checksum& expected, GrowingFile& filez,
                                       std::uint64_t limit) {
  const ImportedFile file = repo::import_growing_filez(impl_->stager, expected, filez, limit);
  impl_->count_content(file.added, file.size);
}

void Transaction::import_filez_trusted(const Checksum& expected, ByteView filez) {
  if (repo_.mode() != Mode::Archive)
    throw Error(ErrorKind::Unsupported, "Only an archive repository can store files unchecked");
  impl_->area.allow_unchecked();
  impl_->count_content(impl_->stager.stage_filez(expected, filez), filez.size());
}

bool Transaction::import_object(const LooseStore& source, const ObjectName& name, Trust trust) {
  if (name.type != ObjectType::CommitMeta && (repo_.store().has(name) || impl_->area.has(name)))
    return true;
  if (trust == Trust::Trusted) impl_->area.allow_unchecked();
  return impl_->count_imported(
      name, repo::import_object(impl_->stager, source, name, trust == Trust::Verify));
}

bool Transaction::has_peers() {
  return impl_->shared && impl_->shared->peers().any();
}

bool Transaction::take_from_peers(const ObjectName& name) {
  if (!impl_->shared) return false;
  const auto holders = impl_->shared->peers().holders_of(name);
  if (holders.empty()) return false;
  const bool may_borrow = !impl_->stager.restricts_modes();
  return (may_borrow && impl_->shared->try_borrow(name, holders)) || impl_->take(name, holders);
}

std::vector<Checksum> Transaction::settle() {
  std::vector<Checksum> lost;
  if (!impl_->shared) return lost;
  for (const ObjectName& name : impl_->shared->unsettled(impl_->stager.cancel_token())) {
    const auto holders = impl_->shared->peers().holders_of(name);
    if (impl_->take(name, holders) || repo_.has(name)) continue;
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
  repo::mark_partial(repo_, commit, CommitState::Partial, impl_->durable());
}

void Transaction::mark_complete_on_commit(const Checksum& commit) {
  impl_->complete.push_back(commit);
}

void Transaction::set_ref(object::RefSpec spec, std::optional<Checksum> commit) {
  impl_->refs.insert_or_assign(std::move(spec), commit);
}

void Transaction::set_ref(CollectionRef ref, std::optional<Checksum> commit) {
  impl_->collection_refs.insert_or_assign(std::move(ref), commit);
}

void Transaction::touch() const {
  impl_->area.touch();
}

TransactionStats Transaction::commit() {
  impl_->require_open();
  impl_->stager.cancel_token().check();
  const auto commits = impl_->publish(repo_);
  impl_->remove_obsolete(repo_.store(), commits);
  impl_->write_refs(repo_);
  for (const Checksum& commit : impl_->complete) unmark_partial(repo_, commit);
  impl_->committed = true;
  impl_->tidy(repo_.store());
  if (impl_->changes_refs() && repo_.config().auto_update_summary) update_summary(repo_);
  return stats();
}

TransactionStats Transaction::stats() const {
  return {impl_->metadata_written, impl_->content_written, impl_->content_bytes_written,
          impl_->area.adopted()};
}

}  // namespace xylem::repo
