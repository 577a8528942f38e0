#include "pull/source/cached_source.hpp"

#include "task/offload.hpp"

namespace xylem::pull {

CachedSource::CachedSource(std::unique_ptr<ObjectSource> inner, std::unique_ptr<LocalCaches> caches,
                           repo::Trust trust, const PullContext& context)
    : inner_(std::move(inner)), caches_(std::move(caches)), trust_(trust), context_(context) {}

bool CachedSource::import(const object::ObjectName& name) {
  return caches_->import(context_.transaction, name, trust_);
}

asio::awaitable<Bytes> CachedSource::take_metadata(object::ObjectName name) {
  auto bytes = co_await offload(context_.pool, [&]() -> std::optional<Bytes> {
    if (!import(name)) return std::nullopt;
    return context_.transaction.try_load_metadata(name);
  });
  if (!bytes) co_return co_await inner_->take_metadata(name);
  ++context_.counters.metadata_imported;
  co_return std::move(*bytes);
}

asio::awaitable<void> CachedSource::take_content(Checksum checksum) {
  const bool imported = co_await offload(context_.pool, [&] {
    return import({checksum, object::ObjectType::File});
  });
  if (imported)
    context_.count_imported(checksum);
  else
    co_await inner_->take_content(checksum);
}

}  // namespace xylem::pull
