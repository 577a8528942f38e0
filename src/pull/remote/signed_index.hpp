#pragma once

#include "object/summary.hpp"
#include "pull/remote/ref_index.hpp"
#include "repo/repo.hpp"
#include "sign/requirement.hpp"

namespace xylem::pull {

/// The refs of a repository on this machine that count only as its signed summary has them.
class SignedIndex : public RefIndex {
 public:
  /// Refs are those of the collection, if one is given. `given` is a summary in place of that of
  /// the repository. `source` is borrowed.
  SignedIndex(const repo::Repo& source, sign::Requirement requirement,
              std::optional<std::string> collection_id,
              std::optional<repo::SummaryFiles> given = std::nullopt);

  asio::awaitable<FoundRef> find_ref(std::string ref) override;
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<DeltaListing> list_deltas(bool load) override;
  asio::awaitable<std::optional<repo::SummaryFiles>> summary_files() override;

 private:
  void load();

  const repo::Repo& source_;
  sign::Requirement requirement_;
  std::optional<std::string> collection_id_;
  std::optional<repo::SummaryFiles> given_;
  repo::SummaryFiles files_;
  std::optional<object::Summary> summary_;
};

}  // namespace xylem::pull
