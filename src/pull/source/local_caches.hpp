#pragma once

/// \file
/// Repositories on this machine that are asked before another source (`--localcache-repo`,
/// `core.localcache-repos`). They only save bytes: one that is missing or broken costs a message.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "pull/report/messages.hpp"
#include "repo/ingest/ingest.hpp"
#include "repo/read_lock.hpp"
#include "repo/repo.hpp"
#include "repo/transaction/transaction.hpp"

namespace xylem::pull {

/// Those that could be opened, in the order in which they are asked. Thread-safe but for opening.
class LocalCaches {
 public:
  /// Opens what `paths` and the configuration of `repo` name. What cannot be opened is told of.
  /// `messages` is borrowed.
  LocalCaches(const std::vector<std::string>& paths, const repo::Repo& repo,
              const Messages& messages);

  bool empty() const { return caches_.empty(); }
  /// Puts an object into the transaction; false if no cache has a good copy of it. A damaged copy
  /// is told of; a cache with many of them is not asked any more. Throws Error(Cancelled) and
  /// Error(NoSpace), which are not the fault of a cache.
  bool import(repo::Transaction& transaction, const object::ObjectName& name, repo::Trust trust);

 private:
  struct Cache {
    repo::Repo repo;
    repo::ReadLock lock;
    std::atomic<unsigned> failures = 0;
  };

  void open(const std::string& path);
  void note_failure(Cache& cache, const object::ObjectName& name, const Error& error) const;
  void tell(PullMessage::Code code, const std::string& path, std::string text) const;

  std::vector<std::unique_ptr<Cache>> caches_;
  const Messages& messages_;
};

}  // namespace xylem::pull
