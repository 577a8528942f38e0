#pragma once

#include "pull/delta/delta_files.hpp"
#include "pull/source/pull_context.hpp"

namespace xylem::pull {

/// Those of a repository on this machine.
class LocalDeltaFiles : public DeltaFiles {
 public:
  /// `source` is borrowed.
  LocalDeltaFiles(const repo::Repo& source, const PullContext& context)
      : source_(source), context_(context) {}

  /// Who lists the deltas knows it already.
  asio::awaitable<bool> has_indexes() override { co_return false; }
  asio::awaitable<std::optional<Bytes>> fetch_index(Checksum commit) override;
  asio::awaitable<std::optional<Bytes>> fetch_superblock(delta::DeltaName name,
                                                         std::optional<Checksum> checksum) override;
  asio::awaitable<std::unique_ptr<delta::Spool>> fetch_part(
      delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
      const delta::PartOptions& options) override;
  asio::awaitable<void> copy_part(delta::DeltaName name, std::size_t index,
                                  const delta::PartHeader& header, PathAt to) override;

 private:
  UniqueFd open_part(const delta::DeltaName& name, std::size_t index) const;

  const repo::Repo& source_;
  PullContext context_;
};

}  // namespace xylem::pull
