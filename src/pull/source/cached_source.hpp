#pragma once

#include "pull/source/forwarding_source.hpp"
#include "pull/source/local_source.hpp"

namespace xylem::pull {

/// Looks into repositories on this machine (--localcache-repo) before another source.
class CachedSource : public ForwardingSource {
 public:
  /// `transaction`, `pool` and `counters` are borrowed.
  CachedSource(std::unique_ptr<Source> inner, std::vector<repo::Repo> caches, repo::Trust trust,
               repo::Transaction& transaction, WorkPool& pool, Counters& counters);

  asio::awaitable<Bytes> take_metadata(object::ObjectName name) override;
  asio::awaitable<void> take_content(Checksum checksum) override;

 private:
  bool import(const object::ObjectName& name);

  std::vector<repo::Repo> caches_;
  repo::Trust trust_;
  repo::Transaction& transaction_;
  WorkPool& pool_;
  Counters& counters_;
};

}  // namespace xylem::pull
