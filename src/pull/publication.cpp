#include "pull/publication.hpp"

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/replace_file.hpp"
#include "task/offload.hpp"

namespace xylem::pull {

namespace {

void set_ref(repo::Transaction& transaction, const PullTarget& wanted) {
  const Checksum& commit = wanted.target.commit;
  if (const auto* ref = std::get_if<repo::CollectionRef>(&wanted.destination))
    transaction.set_ref(*ref, commit);
  else
    transaction.set_ref(std::get<object::RefSpec>(wanted.destination), commit);
}

std::vector<PulledRef> set_refs(repo::Transaction& transaction,
                                const std::vector<PullTarget>& targets) {
  std::vector<PulledRef> refs;
  for (const PullTarget& wanted : targets) {
    if (!wanted.target.ref) continue;
    const Checksum& commit = wanted.target.commit;
    const bool changed = current_commit(transaction.repo(), wanted) != commit;
    refs.push_back({*wanted.target.ref, commit.hex(), changed});
    if (changed) set_ref(transaction, wanted);
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

asio::awaitable<Published> publish(PullContext& context, std::vector<PullTarget> targets) {
  Published published;
  published.refs = set_refs(context.transaction, targets);
  published.stats = co_await offload(
      context.pool, [&] { return context.transaction.commit(); }, WorkPool::Length::Long);
  co_return published;
}

asio::awaitable<void> copy_summary(RefIndex& index, const repo::Repo& repo, bool fsync) {
  const auto files = co_await index.summary_files();
  if (!files) co_return;
  repo::replace_file({repo.dir(), repo::layout::summary}, files->summary, fsync);
  const PathAt signature{repo.dir(), repo::layout::summary_signature};
  if (files->signature)
    repo::replace_file(signature, *files->signature, fsync);
  else
    os::unlink(signature);  // the one of before is not for this summary
}

}  // namespace xylem::pull
