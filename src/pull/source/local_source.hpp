#pragma once

#include "pull/report/counters.hpp"
#include "pull/source/source.hpp"
#include "repo/transaction/transaction.hpp"
#include "task/work_pool.hpp"

namespace xylem::pull {

/// A repository on this machine: objects are linked, copied or converted.
class LocalSource : public Source {
 public:
  /// Refs are looked up in the collection first, if one is given. The last three are borrowed.
  LocalSource(repo::Repo source, std::optional<std::string> collection_id, repo::Trust trust,
              repo::Transaction& transaction, WorkPool& pool, Counters& counters);

  asio::awaitable<FoundRef> find_ref(std::string ref) override;
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override;
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;
  asio::awaitable<std::optional<SummaryFiles>> summary_files() override;

 private:
  void import(const object::ObjectName& name);

  repo::Repo source_;
  std::optional<std::string> collection_id_;
  repo::Trust trust_;
  repo::Transaction& transaction_;
  WorkPool& pool_;
  Counters& counters_;
};

/// Imports `name` from the first of `repo` and its parents that has it.
bool import_from(repo::Transaction& transaction, const repo::Repo& repo,
                 const object::ObjectName& name, repo::Trust trust);

}  // namespace xylem::pull
