#pragma once

#include "pull/remote/ref_index.hpp"
#include "repo/repo.hpp"

namespace xylem::pull {

/// The deltas of a repository on this machine that are there. As at a server, one that neither the
/// summary nor an index lists is not offered; without a summary, all are.
DeltaListing listing_of(const repo::Repo& source);

/// The refs of a repository on this machine, as its ref files have them.
class LocalIndex : public RefIndex {
 public:
  /// Whether list_refs() leaves out refs of remotes, or refuses to go on where there are any.
  enum class RemoteRefs { LeaveOut, Refuse };

  /// Refs are looked up in the collection first, if one is given. `source` is borrowed.
  LocalIndex(const repo::Repo& source, std::optional<std::string> collection_id,
             RemoteRefs remote_refs)
      : source_(source), collection_id_(std::move(collection_id)), remote_refs_(remote_refs) {}

  asio::awaitable<FoundRef> find_ref(std::string ref) override;
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<DeltaListing> list_deltas(bool load) override;
  asio::awaitable<std::optional<repo::SummaryFiles>> summary_files() override;

 private:
  const repo::Repo& source_;
  std::optional<std::string> collection_id_;
  RemoteRefs remote_refs_;
};

}  // namespace xylem::pull
