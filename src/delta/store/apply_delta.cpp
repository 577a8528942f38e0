#include "delta/store/apply_delta.hpp"

#include <fmt/format.h>

#include <mutex>

#include "delta/apply/part_reader.hpp"
#include "delta/apply/transaction_store.hpp"
#include "delta/store/verify_delta.hpp"
#include "repo/partial.hpp"
#include "repo/tree_walk.hpp"
#include "task/parallel.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

using object::ObjectName;
using object::ObjectType;

namespace {

void require_source(const repo::Repo& repo, const Superblock& superblock) {
  if (!superblock.from) return;
  if (!repo.has({*superblock.from, ObjectType::Commit}))
    throw Error(ErrorKind::NotFound,
                fmt::format("Commit {}, which is the delta source, is not in repository",
                            superblock.from->hex()))
        .hint("Pull that commit first, or apply a delta from a commit that is here.");
  if (!repo::is_complete(repo, *superblock.from))
    throw Error(
        ErrorKind::NotFound,
        fmt::format("Commit {}, which is the delta source, lacks objects", superblock.from->hex()))
        .hint("Pull that commit again to complete it.");
}

void require_fallbacks(repo::Transaction& transaction, const Superblock& superblock) {
  for (const Fallback& fallback : superblock.fallbacks)
    if (!transaction.has(fallback.object))
      throw Error(ErrorKind::NotFound,
                  fmt::format("Cannot execute delta offline: contains nonempty http fallback "
                              "entries; {} is not here",
                              fallback.object.text()),
                  {.object = fallback.object.text()})
          .hint("Generate the delta with --min-fallback-size=0, or pull instead.");
}

/// Parts are applied at the same time: none reads what another one makes.
PartOutcome apply_parts(repo::Transaction& transaction, const DeltaFile& delta,
                        const ApplyOptions& options) {
  const SpoolOptions spool{.dir = transaction.repo().tmp()};
  TransactionStore store(transaction, spool);
  const std::vector<PartHeader>& parts = delta.superblock().parts;
  std::mutex mutex;
  PartOutcome sum;
  const auto apply = [&](std::size_t index) {
    try {
      const auto file = delta.open_part(index);
      const auto payload =
          read_part(*file, parts[index], {.spool = spool, .cancel = options.cancel});
      const PartOutcome outcome = execute_part(parts[index], *payload, store, options.cancel);
      const std::lock_guard lock(mutex);
      sum.made += outcome.made;
      sum.present += outcome.present;
    } catch (Error& error) {
      if (error.kind() != ErrorKind::Cancelled)
        error.prefix(fmt::format("Executing delta part {}", index));
      throw;
    }
  };
  repo::for_each_index(parts.size(), options.threads, apply, [&](std::size_t done) {
    if (options.progress) options.progress(done, parts.size());
  });
  return sum;
}

/// Throws unless all that the commit reaches is here now.
void require_tree(repo::Transaction& transaction, const Superblock& superblock) {
  const auto refuse = [](const ObjectName& name) {
    throw Error(ErrorKind::Corrupt,
                fmt::format("The delta does not bring {}, which its commit needs", name.text()),
                {.object = name.text()});
  };
  object::ObjectSet reachable;
  repo::walk_trees(
      object::parse_commit(superblock.commit),
      [&](const ObjectName& name) -> std::optional<object::DirTree> {
        const auto bytes = transaction.try_load_metadata(name);
        if (!bytes) refuse(name);
        return object::parse_dirtree(*bytes);
      },
      reachable);
  for (const ObjectName& name : reachable)
    if (!transaction.has(name)) refuse(name);
}

void add_commit(repo::Transaction& transaction, const Superblock& superblock) {
  if (const auto detached = detached_metadata(superblock))
    transaction.ingest().write_commitmeta(superblock.to, object::serialize_dict_object(*detached));
  transaction.mark_partial(superblock.to);
  transaction.ingest().write_metadata({superblock.to, ObjectType::Commit}, superblock.commit);
  transaction.mark_complete_on_commit(superblock.to);
}

}  // namespace

ApplyReport apply_delta(repo::Repo& repo, const DeltaFile& delta, const ApplyOptions& options) {
  const Superblock& superblock = delta.superblock();
  if (options.verifier != nullptr) verify_delta(delta, *options.verifier);
  repo.require_writable();
  ApplyReport report{.name = superblock.name(),
                     .was_complete = repo::is_complete(repo, superblock.to)};
  if (report.was_complete) return report;
  require_source(repo, superblock);
  repo::Transaction transaction(repo, {}, options.cancel);
  require_fallbacks(transaction, superblock);
  report.objects = apply_parts(transaction, delta, options);
  require_tree(transaction, superblock);
  add_commit(transaction, superblock);
  transaction.commit();
  return report;
}

}  // namespace xylem::delta
