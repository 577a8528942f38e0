#include "pull/commit/commit_puller.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "repo/disk/layout.hpp"
#include "task/offload.hpp"
#include "task/when_all.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::Commit;
using object::ObjectName;
using object::ObjectType;

namespace {

/// Commits that are pulled at once, and as many that are here and only asked about.
constexpr std::size_t commit_width = 32;

}  // namespace

CommitPuller::CommitPuller(const PullContext& context, ObjectSource& source, Scanner& scanner,
                           Settings settings, CommitSlots* slots)
    : context_(context),
      source_(source),
      scanner_(scanner),
      settings_(std::move(settings)),
      slots_(slots),
      targets_(context.group, commit_width,
               [this](Target target) { return pull(std::move(target)); }),
      refreshes_(context.group, commit_width,
                 [this](Target target) { return refresh(std::move(target)); }) {}

/// Ends when all commits that were not here are stored; trees, and the news about commits that were
/// here, may still be on their way.
asio::awaitable<void> CommitPuller::pull(Target target) {
  std::optional<Commit> commit = co_await pull_one(target);
  const auto goes_on = [&] { return commit && commit->parent && !context_.group.failed(); };
  for (int left = settings_.depth; left != 0 && goes_on(); --left)
    commit = co_await try_pull_parent(target, *commit->parent);
}

/// A history may end on the server before it ends in the commits.
asio::awaitable<std::optional<Commit>> CommitPuller::try_pull_parent(const Target& child,
                                                                     Checksum parent) {
  Target target;
  target.commit = parent;
  target.signatures = child.signatures;
  target.predecessor = child.predecessor;
  try {
    co_return co_await pull_one(target);
  } catch (const Error& error) {
    const bool absent = error.kind() == ErrorKind::NotFound &&
                        error.details().object == ObjectName{parent, ObjectType::Commit}.text();
    if (!absent) throw;
  }
  co_return std::nullopt;
}

bool CommitPuller::is_complete(const Checksum& commit) const {
  const repo::Repo& repo = context_.transaction.repo();
  const ObjectName name{commit, ObjectType::Commit};
  // One of a parent may be damaged there: then it is pulled.
  const bool here = repo.store().has(name) ||
                    (repo.parent() != nullptr && context_.transaction.try_load_metadata(name));
  return here && repo::commit_state(repo, commit) == repo::CommitState::Complete;
}

/// The root directory of a commit that is here as a whole, and likely to be much the same.
std::optional<Checksum> CommitPuller::base_tree(const Target& target, const Commit& commit) const {
  const auto parent = tree_of_complete(commit.parent);
  return parent ? parent : tree_of_complete(target.predecessor);
}

/// A damaged commit only makes the pull look at more.
std::optional<Checksum> CommitPuller::tree_of_complete(const std::optional<Checksum>& commit) const
    try {
  if (!commit || !is_complete(*commit)) return std::nullopt;
  return context_.transaction.repo().load_commit(*commit).root_tree;
} catch (const Error& error) {
  log_debug("Commit {} cannot be compared with: {}", commit->hex(), error.what());
  return std::nullopt;
}

/// Waits if others are at work on its tree. True if they have completed the commit.
asio::awaitable<bool> CommitPuller::is_left_to_others(Checksum commit) {
  if (slots_ == nullptr || settings_.commit_only) co_return false;
  std::function<bool()> complete = [this, commit] { return is_complete(commit); };
  const bool ours = co_await slots_->take(commit, std::move(complete));
  co_return !ours;
}

/// Detached metadata is always asked for: it has the signatures, and a commit that is here already
/// may get new ones at any time.
asio::awaitable<Commit> CommitPuller::pull_one(const Target& target) {
  if (is_complete(target.commit)) co_return co_await refresh_later(target);
  const auto [bytes, detached] = co_await when_all(obtain(target), fetch_detached(target.commit));
  Commit commit = co_await accept(target, bytes, detached);
  if (co_await is_left_to_others(target.commit)) {
    co_await store_detached(target.commit, detached);
    co_return commit;
  }
  context_.sizes.add(commit);
  co_await offload(context_.pool, [&, &bytes = bytes] {
    context_.transaction.mark_partial(target.commit);
    context_.transaction.ingest().write_metadata({target.commit, ObjectType::Commit}, bytes);
  });
  co_await store_detached(target.commit, detached);
  if (settings_.commit_only) co_return commit;
  scanner_.scan(commit.root_tree, commit.root_meta, base_tree(target, commit));
  if (settings_.everything) context_.transaction.mark_complete_on_commit(target.commit);
  co_return commit;
}

/// Of a commit that is here. Its parent need not wait for the answer: a history of a thousand
/// commits does not take as many round trips.
asio::awaitable<Commit> CommitPuller::refresh_later(const Target& target) {
  Commit commit = co_await offload(
      context_.pool, [&] { return context_.transaction.repo().load_commit(target.commit); });
  refreshes_.push(target);
  co_return commit;
}

asio::awaitable<void> CommitPuller::refresh(Target target) {
  const ObjectName name{target.commit, ObjectType::Commit};
  const auto detached = co_await fetch_detached(target.commit);
  const Bytes bytes = co_await offload(
      context_.pool, [&] { return context_.transaction.repo().load_metadata(name); });
  co_await accept(target, bytes, detached);
  co_await store_detached(target.commit, detached);
}

asio::awaitable<std::optional<Bytes>> CommitPuller::fetch_detached(Checksum commit) {
  return source_.fetch_metadata({commit, ObjectType::CommitMeta}, settings_.max_metadata_size);
}

/// Nothing of the commit has been written when this throws.
asio::awaitable<Commit> CommitPuller::accept(const Target& target, const Bytes& bytes,
                                             const std::optional<Bytes>& detached) {
  if (!signatures_for(target).empty())
    co_await offload(context_.pool, [&] { check_signatures(target, bytes, detached); });
  Commit commit = object::parse_commit(bytes);
  check(commit, target);
  co_return commit;
}

/// From what an earlier pull left, or from the source.
asio::awaitable<Bytes> CommitPuller::obtain(const Target& target) {
  const ObjectName name{target.commit, ObjectType::Commit};
  auto bytes =
      co_await offload(context_.pool, [&] { return context_.transaction.try_load_metadata(name); });
  if (bytes) co_return std::move(*bytes);
  ++context_.counters.metadata_requested;
  const auto limit = commit_size_limit(target.commit_size, settings_.max_metadata_size);
  bytes = co_await source_.fetch_metadata(name, limit);
  if (!bytes) {
    ErrorDetails details;
    details.object = name.text();
    details.hint = "the ref may point at a commit that the server has deleted";
    throw Error(ErrorKind::NotFound, fmt::format("No such commit: {}", target.commit.hex()),
                std::move(details));
  }
  co_return std::move(*bytes);
}

asio::awaitable<void> CommitPuller::store_detached(const Checksum& commit,
                                                   const std::optional<Bytes>& detached) {
  if (!detached) co_return;
  co_await offload(context_.pool, [&] {
    if (context_.transaction.try_load_metadata({commit, ObjectType::CommitMeta}) != detached)
      context_.transaction.ingest().write_commitmeta(commit, *detached);
  });
}

const sign::Requirement& CommitPuller::signatures_for(const Target& target) const {
  return target.signatures != nullptr ? *target.signatures : settings_.signatures;
}

/// A source without detached metadata may still have a commit of which we have the signatures.
void CommitPuller::check_signatures(const Target& target, ByteView bytes,
                                    const std::optional<Bytes>& detached) {
  const Checksum& commit = target.commit;
  auto metadata = detached;
  if (!metadata)
    metadata = context_.transaction.try_load_metadata({commit, ObjectType::CommitMeta});
  std::optional<object::Dict> signatures;
  if (metadata) signatures = object::parse_dict_object(*metadata, "detached metadata");
  const std::string what = fmt::format("Commit {}", commit.hex());
  for (const sign::Report& report : signatures_for(target).require(what, bytes, signatures))
    log_info("{}: {}", what, report.decisive().text);
}

void CommitPuller::check(const Commit& commit, const Target& target) const {
  if (settings_.verify_bindings && target.ref)
    check_bindings(commit, target.commit, target.ref, settings_.collection_id);
  for (const TimestampFloor& floor : target.floors) check_timestamp(commit, target.commit, floor);
}

}  // namespace xylem::pull
