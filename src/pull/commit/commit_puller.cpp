#include "pull/commit/commit_puller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/log.hpp"
#include "repo/disk/layout.hpp"
#include "repo/whole_commit.hpp"
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

[[noreturn]] void throw_no_commit(const Checksum& commit, const std::string& answer) {
  ErrorDetails details;
  details.object = ObjectName{commit, ObjectType::Commit}.text();
  details.hint = "the ref may point at a commit that the server has deleted";
  throw Error(ErrorKind::NotFound, fmt::format("No such commit: {}: {}", commit.hex(), answer),
              std::move(details));
}

DeltaTarget delta_target(const Target& target) {
  return {target.commit, target.ref, target.predecessor};
}

}  // namespace

CommitPuller::CommitPuller(const PullContext& context, ObjectSource& source, Scanner& scanner,
                           Settings settings, Helpers helpers)
    : context_(context),
      source_(source),
      scanner_(scanner),
      settings_(std::move(settings)),
      helpers_(helpers),
      targets_(context.group, commit_width,
               [this](Target target) { return pull(std::move(target)); }),
      refreshes_(context.group, commit_width,
                 [this](Target target) { return refresh(std::move(target)); }) {}

/// Ends when all commits that were not here are stored; trees, and the news about commits that were
/// here, may still be on their way.
asio::awaitable<void> CommitPuller::pull(Target target) {
  std::optional<Commit> commit = co_await pull_one(target);
  const auto goes_on = [&] { return commit && commit->parent && !context_.group.failed(); };
  for (int left = settings_.depth; left != 0 && goes_on(); --left) {
    if (!begin({*commit->parent, target.signatures}, left - 1)) co_return;
    commit = co_await try_pull_parent(target, *commit->parent);
  }
}

/// False if another target has begun, or will begin, with this commit and goes as far back:
/// branches share their history, and it is asked for once.
bool CommitPuller::begin(const Visit& visit, int depth) {
  const int reach = depth < 0 ? std::numeric_limits<int>::max() : depth;
  const auto [at, is_new] = begun_.try_emplace(visit, reach);
  if (!is_new && at->second >= reach) return false;
  at->second = reach;
  return true;
}

void CommitPuller::push(std::vector<Target> targets) {
  std::map<Checksum, Target> by_commit;
  for (Target& target : targets) {
    const auto [at, is_new] = by_commit.try_emplace(target.commit, target);
    if (!is_new) at->second.other_refs.push_back(std::move(target));
  }
  for (const auto& [commit, target] : by_commit)
    begin({commit, target.signatures}, settings_.depth);
  for (auto& [commit, target] : by_commit) targets_.push(std::move(target));
}

/// A history may end on the server before it ends in the commits.
asio::awaitable<std::optional<Commit>> CommitPuller::try_pull_parent(const Target& child,
                                                                     Checksum parent) {
  Target target;
  target.commit = parent;
  target.is_parent = true;
  target.signatures = child.signatures;
  target.predecessor = child.predecessor;
  try {
    co_return co_await pull_one(target);
  } catch (const Error& error) {
    // A store that may not be listed answers 403 for what it lacks.
    constexpr long forbidden = 403;
    const bool gone =
        error.kind() == ErrorKind::NotFound || error.details().http_status == forbidden;
    const bool absent =
        gone && error.details().object == ObjectName{parent, ObjectType::Commit}.text();
    if (!absent) throw;
  }
  co_return std::nullopt;
}

bool CommitPuller::is_complete(const Checksum& commit) const {
  repo::Transaction& transaction = context_.transaction;
  const repo::Repo& repo = transaction.repo();
  const ObjectName name{commit, ObjectType::Commit};
  // One of a parent may be damaged there: then it is pulled.
  const bool usable =
      repo.store().has(name) || (repo.parent() != nullptr && transaction.try_load_metadata(name));
  return usable && repo::is_whole(repo, commit);
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
  if (helpers_.slots == nullptr || settings_.commit_only) co_return false;
  std::function<bool()> complete = [this, commit] { return is_complete(commit); };
  const bool ours = co_await helpers_.slots->take(commit, std::move(complete));
  co_return !ours;
}

/// Detached metadata is always asked for: it has the signatures, and a commit that is here already
/// may get new ones at any time.
asio::awaitable<Commit> CommitPuller::pull_one(const Target& target) {
  const bool here = co_await offload(context_.pool, [&] { return is_complete(target.commit); });
  if (here) co_return co_await refresh_later(target);
  Arrival arrival = co_await await_commit(target);
  Commit commit = co_await accept(target, arrival.bytes, arrival.detached);
  if (co_await is_left_to_others(target.commit)) {
    co_await store_detached(target.commit, arrival.detached);
    co_return commit;
  }
  context_.sizes.add(commit);
  co_await offload(context_.pool, [&] { store(target.commit, arrival.bytes); });
  co_await store_detached(target.commit, arrival.detached);
  if (settings_.commit_only) co_return commit;
  if (co_await bring_by_delta(target, std::move(arrival))) co_return commit;
  const auto base = co_await offload(context_.pool, [&] { return base_tree(target, commit); });
  scanner_.scan(commit.root_tree, commit.root_meta, base);
  if (settings_.everything) context_.transaction.mark_complete_on_commit(target.commit);
  co_return commit;
}

void CommitPuller::store(const Checksum& commit, const Bytes& bytes) {
  const ObjectName name{commit, ObjectType::Commit};
  context_.transaction.mark_partial(commit);
  if (!source_.try_share(name)) context_.transaction.ingest().write_metadata(name, bytes);
}

/// The commit, its detached metadata, and the list of deltas need not wait for each other. A server
/// may have nothing but deltas: then the commit is in one of them.
asio::awaitable<CommitPuller::Arrival> CommitPuller::await_commit(const Target& target) {
  auto [found, offers] =
      co_await when_all(when_all(obtain(target), fetch_detached(target)), offers_for(target));
  auto& [bytes, detached] = found;
  Arrival arrival{.detached = std::move(detached), .offers = std::move(offers)};
  if (bytes) {
    arrival.bytes = std::move(*bytes);
    co_return arrival;
  }
  if (!arrival.offers.empty())
    arrival.deltas = co_await helpers_.deltas->load(delta_target(target), arrival.offers);
  if (!arrival.deltas || arrival.deltas->empty()) throw_no_commit(target.commit, settings_.absence);
  const delta::Superblock& superblock = arrival.deltas->front().superblock();
  arrival.bytes = superblock.commit;
  const auto metadata = delta::detached_metadata(superblock);
  if (!arrival.detached && metadata) arrival.detached = object::serialize_dict_object(*metadata);
  co_return arrival;
}

/// Those of parents are not asked for: their histories are long, and their deltas are gone.
asio::awaitable<std::vector<DeltaOffer>> CommitPuller::offers_for(Target target) {
  if (helpers_.deltas == nullptr || settings_.commit_only || target.is_parent)
    co_return std::vector<DeltaOffer>{};
  co_return co_await helpers_.deltas->offers_to(delta_target(target));
}

/// Returns whether this is all there is to do: a dry run only tells what the delta takes.
asio::awaitable<bool> CommitPuller::bring_by_delta(const Target& target, Arrival arrival) {
  if (helpers_.deltas == nullptr || target.is_parent) co_return false;
  const bool is_only_way = arrival.deltas.has_value();
  if (!is_only_way)
    arrival.deltas = co_await helpers_.deltas->load(delta_target(target), arrival.offers);
  co_return co_await helpers_.deltas->bring(delta_target(target), std::move(*arrival.deltas),
                                            is_only_way);
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
  const auto detached = co_await fetch_detached(target);
  const Bytes bytes = co_await offload(
      context_.pool, [&] { return context_.transaction.repo().load_metadata(name); });
  co_await accept(target, bytes, detached);
  co_await store_detached(target.commit, detached);
}

/// What nobody looks at may be damaged: no checksum covers it, and the source might as well have
/// none. It is not stored.
asio::awaitable<std::optional<Bytes>> CommitPuller::fetch_detached(const Target& target) {
  const ObjectName name{target.commit, ObjectType::CommitMeta};
  try {
    co_return co_await source_.fetch_metadata(name, settings_.max_metadata_size);
  } catch (const Error& error) {
    const bool came_damaged = error.kind() == ErrorKind::Corrupt && !error.details().object.empty();
    if (!came_damaged || needs_signatures(target)) throw;
    log_warning("{}; no signature is asked for, so the pull goes on without it", error.what());
  }
  co_return std::nullopt;
}

/// Nothing of the commit has been written when this throws. Whoever must have signed it is looked
/// for once, however many refs share the commit.
asio::awaitable<Commit> CommitPuller::accept(const Target& target, const Bytes& bytes,
                                             const std::optional<Bytes>& detached) {
  co_await verify(target, bytes, detached);
  Commit commit = object::parse_commit(bytes);
  check(commit, target);
  for (const Target& other : target.other_refs) {
    if (&signatures_for(other) != &signatures_for(target)) co_await verify(other, bytes, detached);
    check(commit, other);
  }
  co_return commit;
}

/// Tells what became of each signature even when none will do.
asio::awaitable<void> CommitPuller::verify(const Target& target, const Bytes& bytes,
                                           const std::optional<Bytes>& detached) {
  if (signatures_for(target).empty()) co_return;
  std::vector<sign::Report> seen;
  std::exception_ptr refusal;
  co_await offload(context_.pool, [&] {
    try {
      check_signatures(target, bytes, detached, seen);
    } catch (...) {
      refusal = std::current_exception();
    }
  });
  if (settings_.on_signatures)
    for (const sign::Report& report : seen) settings_.on_signatures(target.commit, report);
  if (refusal) std::rethrow_exception(refusal);
}

/// From what an earlier pull left, or from the source; nullopt if neither has it.
asio::awaitable<std::optional<Bytes>> CommitPuller::obtain(const Target& target) {
  const ObjectName name{target.commit, ObjectType::Commit};
  auto bytes =
      co_await offload(context_.pool, [&] { return context_.transaction.try_load_metadata(name); });
  if (bytes) co_return bytes;
  ++context_.counters.metadata_requested;
  const auto limit = commit_size_limit(target.commit_size, settings_.max_metadata_size);
  co_return co_await source_.fetch_metadata(name, limit);
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

bool CommitPuller::needs_signatures(const Target& target) const {
  return !signatures_for(target).empty() ||
         std::ranges::any_of(target.other_refs,
                             [&](auto& other) { return !signatures_for(other).empty(); });
}

/// A source without detached metadata may still have a commit of which we have the signatures.
void CommitPuller::check_signatures(const Target& target, ByteView bytes,
                                    const std::optional<Bytes>& detached,
                                    std::vector<sign::Report>& seen) {
  const Checksum& commit = target.commit;
  auto metadata = detached;
  if (!metadata)
    metadata = context_.transaction.try_load_metadata({commit, ObjectType::CommitMeta});
  std::optional<object::Dict> signatures;
  if (metadata) signatures = object::parse_dict_object(*metadata, "detached metadata");
  const std::string what = fmt::format("Commit {}", commit.hex());
  for (const sign::Report& report : signatures_for(target).require(what, bytes, signatures, seen))
    log_info("{}: {}", what, report.decisive().text);
}

void CommitPuller::check(const Commit& commit, const Target& target) const {
  if (settings_.verify_bindings)
    check_bindings(commit, target.commit, target.ref, settings_.collection_id);
  for (const TimestampFloor& floor : target.floors) check_timestamp(commit, target.commit, floor);
}

}  // namespace xylem::pull
