#include "pull/publication.hpp"

#include "pull/moved_ref.hpp"
#include "repo/refs/summary_file.hpp"
#include "task/offload.hpp"

namespace xylem::pull {

namespace {

std::vector<PulledRef> set_refs(repo::Transaction& transaction,
                                const std::vector<PullTarget>& targets, bool keep) {
  std::vector<PulledRef> refs;
  for (const PullTarget& wanted : targets) {
    if (!wanted.target.ref) continue;
    const Checksum& commit = wanted.target.commit;
    const bool changed = current_commit(transaction.repo(), wanted) != commit;
    refs.push_back({*wanted.target.ref, commit.hex(), changed});
    if (changed && !keep)
      transaction.set_ref(as_any_ref(wanted), commit, not_overtaken(transaction.repo(), wanted));
  }
  return refs;
}

}  // namespace

asio::awaitable<void> secure_borrowed(PullContext& context,
                                      std::function<void(const Checksum&)> fetch) {
  for (;;) {
    const auto lost = co_await offload(
        context.pool, [&] { return context.transaction.settle(); }, WorkPool::Length::Long);
    if (lost.empty()) co_return;
    for (const Checksum& file : lost) fetch(file);
    co_await context.group.join();
  }
}

asio::awaitable<Published> publish(PullContext& context, std::vector<PullTarget> targets,
                                   bool keep_refs) {
  Published published;
  published.refs = set_refs(context.transaction, targets, keep_refs);
  published.stats = co_await offload(
      context.pool, [&] { return context.transaction.commit(); }, WorkPool::Length::Long);
  co_return published;
}

asio::awaitable<void> copy_summary(RefIndex& index, const repo::Repo& repo, bool fsync) {
  const auto files = co_await index.summary_files();
  if (!files) co_return;
  repo::replace_summary(repo, *files, fsync);
}

}  // namespace xylem::pull
