#pragma once

#include <memory>

#include "pull/local_source.hpp"

namespace xylem::pull {

/// Looks into repositories on this machine (--localcache-repo) before another source.
class CachedSource : public Source {
 public:
  /// `transaction`, `pool` and `counters` are borrowed.
  CachedSource(std::unique_ptr<Source> inner, std::vector<repo::Repo> caches, repo::Trust trust,
               repo::Transaction& transaction, asio::thread_pool& pool, Counters& counters);

  asio::awaitable<SourceRef> find_ref(std::string ref) override;
  asio::awaitable<std::vector<std::string>> list_refs() override;
  asio::awaitable<std::optional<Bytes>> fetch_metadata(object::ObjectName name,
                                                       std::uint64_t max_size) override;
  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;
  asio::awaitable<std::optional<SummaryFiles>> summary_files() override;

 private:
  bool import(const object::ObjectName& name);

  std::unique_ptr<Source> inner_;
  std::vector<repo::Repo> caches_;
  repo::Trust trust_;
  repo::Transaction& transaction_;
  asio::thread_pool& pool_;
  Counters& counters_;
};

}  // namespace xylem::pull
