#pragma once

#include <memory>

#include "object/summary.hpp"
#include "pull/source/forwarding_source.hpp"
#include "sign/requirement.hpp"

namespace xylem::pull {

/// A repository on this machine whose refs count only as its signed summary has them.
class SignedSource : public ForwardingSource {
 public:
  /// Refs are those of the collection, if one is given. `where` names the repository.
  SignedSource(std::unique_ptr<Source> inner, sign::Requirement requirement,
               std::optional<std::string> collection_id, std::string where);

  asio::awaitable<FoundRef> find_ref(std::string ref) override;
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<std::optional<SummaryFiles>> summary_files() override;

 private:
  asio::awaitable<void> load();

  sign::Requirement requirement_;
  std::optional<std::string> collection_id_;
  std::string where_;
  SummaryFiles files_;
  std::optional<object::Summary> summary_;
};

}  // namespace xylem::pull
