#include "pull/source/cached_source.hpp"

#include "base/log.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

CachedSource::CachedSource(std::unique_ptr<ObjectSource> inner, std::vector<repo::Repo> caches,
                           repo::Trust trust, repo::Transaction& transaction, WorkPool& pool,
                           Counters& counters)
    : inner_(std::move(inner)),
      caches_(std::move(caches)),
      trust_(trust),
      transaction_(transaction),
      pool_(pool),
      counters_(counters) {}

/// A cache is only an optimisation: one that is damaged is passed over.
bool CachedSource::import(const object::ObjectName& name) {
  for (const repo::Repo& cache : caches_) {
    try {
      if (import_from(transaction_, cache, name, trust_)) return true;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Corrupt) throw;
      log_warning("Local cache {}: {}", cache.path(), error.what());
    }
  }
  return false;
}

asio::awaitable<Bytes> CachedSource::take_metadata(object::ObjectName name) {
  auto bytes = co_await offload(pool_, [&]() -> std::optional<Bytes> {
    if (!import(name)) return std::nullopt;
    return transaction_.try_load_metadata(name);
  });
  if (!bytes) co_return co_await inner_->take_metadata(name);
  ++counters_.metadata_imported;
  co_return std::move(*bytes);
}

asio::awaitable<void> CachedSource::take_content(Checksum checksum) {
  const bool imported = co_await offload(pool_, [&] {
    return import({checksum, object::ObjectType::File});
  });
  if (imported)
    ++counters_.content_imported;
  else
    co_await inner_->take_content(checksum);
}

}  // namespace xylem::pull
