#include "pull/commit_puller.hpp"

#include <fmt/format.h>

#include "pull/offload.hpp"
#include "repo/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::Commit;
using object::ObjectName;
using object::ObjectType;

CommitPuller::CommitPuller(Scanner::Environment environment, Settings settings, Scanner& scanner)
    : env_(std::move(environment)), settings_(std::move(settings)), scanner_(scanner) {}

asio::awaitable<void> CommitPuller::pull(Target target) {
  std::optional<Commit> commit = co_await pull_one(target);
  for (int left = settings_.depth; commit && commit->parent && left != 0; --left)
    commit = co_await try_pull_parent(*commit->parent);
}

/// A history may end on the server before it ends in the commits.
asio::awaitable<std::optional<Commit>> CommitPuller::try_pull_parent(Checksum parent) {
  Target target;
  target.commit = parent;
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
  const repo::Repo& repo = env_.transaction.repo();
  return repo.has({commit, ObjectType::Commit}) &&
         repo::commit_state(repo, commit) == repo::CommitState::Complete;
}

asio::awaitable<Commit> CommitPuller::pull_one(const Target& target) {
  if (is_complete(target.commit)) {
    Commit commit = env_.transaction.repo().load_commit(target.commit);
    check(commit, target);
    co_await fetch_detached(target.commit);
    co_return commit;
  }
  const Bytes bytes = co_await obtain(target);
  Commit commit = object::parse_commit(bytes);
  check(commit, target);
  remember_sizes(commit);
  co_await offload(env_.pool, [&] {
    env_.transaction.mark_partial(target.commit);
    env_.transaction.write_metadata({target.commit, ObjectType::Commit}, bytes);
  });
  co_await fetch_detached(target.commit);
  if (settings_.commit_only) co_return commit;
  scanner_.scan(commit.root_tree, commit.root_meta);
  if (settings_.everything) env_.transaction.mark_complete_on_commit(target.commit);
  co_return commit;
}

/// From what an earlier pull left, or from the source.
asio::awaitable<Bytes> CommitPuller::obtain(const Target& target) {
  const ObjectName name{target.commit, ObjectType::Commit};
  auto bytes =
      co_await offload(env_.pool, [&] { return env_.transaction.try_load_metadata(name); });
  if (bytes) co_return std::move(*bytes);
  ++env_.counters.metadata_requested;
  const auto limit = target.commit_size.value_or(settings_.max_metadata_size);
  bytes = co_await env_.source.fetch_metadata(name, limit);
  if (!bytes) {
    ErrorDetails details;
    details.object = name.text();
    details.hint = "the ref may point at a commit that the server has deleted";
    throw Error(ErrorKind::NotFound, fmt::format("No such commit: {}", target.commit.hex()),
                std::move(details));
  }
  co_return std::move(*bytes);
}

/// Signatures may be added to a commit at any time, so this is asked for again on each pull.
asio::awaitable<void> CommitPuller::fetch_detached(const Checksum& commit) {
  const ObjectName name{commit, ObjectType::CommitMeta};
  const auto bytes = co_await env_.source.fetch_metadata(name, settings_.max_metadata_size);
  if (!bytes) co_return;
  co_await offload(env_.pool, [&] {
    if (env_.transaction.try_load_metadata(name) != bytes)
      env_.transaction.write_commitmeta(commit, *bytes);
  });
}

void CommitPuller::check(const Commit& commit, const Target& target) const {
  if (settings_.verify_bindings && target.ref)
    check_bindings(commit, target.commit, target.ref, settings_.collection_id);
  for (const TimestampFloor& floor : target.floors) check_timestamp(commit, target.commit, floor);
}

void CommitPuller::remember_sizes(const Commit& commit) {
  for (const object::ObjectSize& size : object::sizes_of(commit))
    if (size.type <= static_cast<std::uint8_t>(ObjectType::File))
      sizes_.emplace(size.checksum, size.archived);
}

}  // namespace xylem::pull
