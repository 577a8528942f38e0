#include "pull/source/local_source.hpp"

#include <fmt/format.h>

#include "object/verify.hpp"
#include "repo/refs/require_whole.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;

bool import_from(repo::Transaction& transaction, const repo::Repo& repo, const ObjectName& name,
                 repo::Trust trust) {
  for (const repo::Repo* layer = &repo; layer != nullptr; layer = layer->parent())
    if (transaction.ingest().add_from(layer->store(), name, trust)) return true;
  return false;
}

asio::awaitable<std::optional<Bytes>> LocalSource::fetch_metadata(ObjectName name,
                                                                  std::uint64_t max_size) {
  const std::uint64_t limit = max_size == 0 ? UINT64_MAX : max_size;
  if (name.type == ObjectType::Commit && settings_.whole && source_.has(name))
    repo::require_whole(source_, name.checksum);
  for (const repo::Repo* layer = &source_; layer != nullptr; layer = layer->parent()) {
    auto bytes = layer->store().load_metadata(name, limit);
    if (!bytes) continue;
    if (settings_.trust != repo::Trust::Trusted) object::verify_metadata(name, *bytes);
    if (name.type == ObjectType::Commit) ++context_.counters.metadata_imported;
    co_return bytes;
  }
  co_return std::nullopt;
}

void LocalSource::import(const ObjectName& name) {
  if (import_from(context_.transaction, source_, name, settings_.trust)) return;
  throw Error(ErrorKind::NotFound,
              fmt::format("Object {} is missing in repository {}", name.text(), source_.path()),
              {.object = name.text(),
               .hint = "run `xylem fsck` on that repository to see what else is damaged"});
}

bool LocalSource::try_share(const ObjectName& commit) {
  return import_from(context_.transaction, source_, commit, settings_.trust);
}

asio::awaitable<Bytes> LocalSource::take_metadata(ObjectName name) {
  auto bytes = co_await offload(context_.pool, [&] {
    import(name);
    return context_.transaction.try_load_metadata(name);
  });
  ++context_.counters.metadata_imported;
  if (!bytes) throw Error(ErrorKind::Io, fmt::format("Object {} vanished", name.text()));
  co_return std::move(*bytes);
}

asio::awaitable<void> LocalSource::take_content(Checksum checksum) {
  co_await offload(context_.pool, [&] { import({checksum, ObjectType::File}); });
  context_.count_imported(checksum);
}

}  // namespace xylem::pull
