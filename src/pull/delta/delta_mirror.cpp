#include "pull/delta/delta_mirror.hpp"

#include <fcntl.h>

#include "base/codec/sha256.hpp"
#include "base/os/os.hpp"
#include "delta/format/delta_bytes.hpp"
#include "pull/delta/part_file.hpp"
#include "repo/disk/replace_file.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/refs/static_deltas.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

/// One that is kept counts if it is the very same.
asio::awaitable<std::optional<Bytes>> DeltaMirror::fetch_superblock(
    delta::DeltaName name, std::optional<Checksum> checksum) {
  const DeltaOffer wanted{name, checksum};
  const bool is_here = co_await is_kept(wanted);
  if (is_here) co_return co_await kept_.fetch_superblock(name, checksum);
  co_return co_await server_->fetch_superblock(name, checksum);
}

asio::awaitable<std::unique_ptr<delta::Spool>> DeltaMirror::fetch_part(
    delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
    const delta::PartOptions& options) {
  co_await keep_part(name, index, header);
  co_return co_await kept_.fetch_part(name, index, header, options);
}

asio::awaitable<void> DeltaMirror::keep(DeltaOffer offer) {
  const bool is_here = co_await is_kept(offer);
  if (is_here) co_return;
  auto bytes = co_await fetch_superblock(offer.name, offer.superblock);
  if (!bytes) co_return;
  const Bytes content = *bytes;
  const delta::DeltaBytes delta(std::move(*bytes));
  require_name(delta.superblock(), offer.name);
  const auto& parts = delta.superblock().parts;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!delta.inline_part(i)) co_await keep_part(offer.name, i, parts[i]);
  co_await offload(
      context_.pool,
      [&] {
        const repo::Repo& repo = context_.transaction.repo();
        repo::make_repo_dirs({repo.dir(), offer.name.dir()});
        repo::replace_file({repo.dir(), offer.name.superblock()}, content, repo.config().fsync);
      },
      WorkPool::Length::Long);
}

asio::awaitable<bool> DeltaMirror::is_kept(DeltaOffer offer) {
  if (!offer.superblock) co_return false;
  const auto kept = co_await kept_.fetch_superblock(offer.name, std::nullopt);
  co_return kept&& sha256(*kept) == offer.superblock;
}

asio::awaitable<void> DeltaMirror::keep_part(delta::DeltaName name, std::size_t index,
                                             const delta::PartHeader& header) {
  const repo::Repo& repo = context_.transaction.repo();
  const bool is_kept = co_await offload(
      context_.pool,
      [&] {
        repo::make_repo_dirs({repo.dir(), name.dir()});
        return has_part(name, index, header);
      },
      WorkPool::Length::Long);
  const PathAt to{repo.dir(), name.part(index)};
  if (!is_kept) co_await server_->copy_part(name, index, header, to);
}

bool DeltaMirror::has_part(const delta::DeltaName& name, std::size_t index,
                           const delta::PartHeader& header) const {
  const UniqueFd fd =
      os::try_open({context_.transaction.repo().dir(), name.part(index)}, O_RDONLY | O_NONBLOCK);
  return fd.valid() && is_part_file(fd, header);
}

asio::awaitable<void> DeltaMirror::write_indexes() {
  co_await offload(
      context_.pool,
      [&] {
        repo::Repo& repo = context_.transaction.repo();
        const repo::RepoLock beside = repo.lock(os::LockMode::Shared);
        const repo::EditLock lock = repo.edit_lock(repo::Edited::Summary);
        repo::write_delta_indexes(repo, beside, repo::list_deltas(repo));
      },
      WorkPool::Length::Long);
}

}  // namespace xylem::pull
