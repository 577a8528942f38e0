#pragma once

#include "pull/delta/delta_offers.hpp"
#include "pull/delta/local_delta_files.hpp"

namespace xylem::pull {

/// Those of a server, which a mirror keeps for its own clients: what is fetched is stored as it is,
/// and what is stored is not fetched again. The superblock comes after the parts, so that a delta
/// which has one is whole.
class DeltaMirror : public DeltaFiles {
 public:
  DeltaMirror(const PullContext& context, std::unique_ptr<DeltaFiles> server)
      : context_(context), server_(std::move(server)), kept_(context.transaction.repo(), context) {}

  asio::awaitable<bool> has_indexes() override { return server_->has_indexes(); }
  asio::awaitable<std::optional<Bytes>> fetch_index(Checksum commit) override {
    return server_->fetch_index(commit);
  }
  asio::awaitable<std::optional<Bytes>> fetch_superblock(delta::DeltaName name,
                                                         std::optional<Checksum> checksum) override;
  asio::awaitable<std::unique_ptr<delta::Spool>> fetch_part(
      delta::DeltaName name, std::size_t index, const delta::PartHeader& header,
      const delta::PartOptions& options) override;
  asio::awaitable<void> copy_part(delta::DeltaName name, std::size_t index,
                                  const delta::PartHeader& header, PathAt to) override {
    return server_->copy_part(name, index, header, std::move(to));
  }

  /// Stores the whole delta, if the server has it and it is not here yet. Throws what fetching
  /// throws, Error(Corrupt) for a delta that is not the one that was asked for, Error(Io),
  /// Error(NoSpace).
  asio::awaitable<void> keep(DeltaOffer offer);
  /// Makes the indexes say which deltas there are now.
  asio::awaitable<void> write_indexes();

 private:
  asio::awaitable<bool> is_kept(DeltaOffer offer);
  asio::awaitable<void> keep_part(delta::DeltaName name, std::size_t index,
                                  const delta::PartHeader& header);
  bool has_part(const delta::DeltaName& name, std::size_t index,
                const delta::PartHeader& header) const;

  PullContext context_;
  std::unique_ptr<DeltaFiles> server_;
  LocalDeltaFiles kept_;
};

}  // namespace xylem::pull
