#include "pull/source/local_source.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "object/verify.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/summary_file.hpp"
#include "task/offload.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;

bool import_from(repo::Transaction& transaction, const repo::Repo& repo, const ObjectName& name,
                 repo::Trust trust) {
  for (const repo::Repo* layer = &repo; layer != nullptr; layer = layer->parent())
    if (transaction.import_object(layer->store(), name, trust)) return true;
  return false;
}

LocalSource::LocalSource(repo::Repo source, std::optional<std::string> collection_id,
                         repo::Trust trust, repo::Transaction& transaction, WorkPool& pool,
                         Counters& counters)
    : source_(std::move(source)),
      collection_id_(std::move(collection_id)),
      trust_(trust),
      transaction_(transaction),
      pool_(pool),
      counters_(counters) {}

asio::awaitable<FoundRef> LocalSource::find_ref(std::string ref) {
  if (collection_id_) {
    const auto commit = repo::find_ref(source_, repo::CollectionRef{*collection_id_, ref});
    if (commit) co_return FoundRef{*commit, std::nullopt, collection_id_};
  }
  const auto commit = repo::find_ref(source_, object::RefSpec{std::nullopt, ref});
  if (!commit)
    throw Error(ErrorKind::NotFound,
                fmt::format("No such branch '{}' in repository {}", ref, source_.path()))
        .hint("`refs --repo=" + source_.path() + "` lists what there is");
  co_return FoundRef{*commit, std::nullopt, std::nullopt};
}

asio::awaitable<std::vector<std::string>> LocalSource::list_refs() {
  std::vector<std::string> refs;
  for (const auto& [spec, entry] : repo::list_refs(source_))
    if (!spec.remote) refs.push_back(spec.ref);
  co_return refs;
}

asio::awaitable<std::optional<Bytes>> LocalSource::fetch_metadata(ObjectName name,
                                                                  std::uint64_t max_size) {
  const std::uint64_t limit = max_size == 0 ? UINT64_MAX : max_size;
  for (const repo::Repo* layer = &source_; layer != nullptr; layer = layer->parent()) {
    auto bytes = layer->store().load_metadata(name, limit);
    if (!bytes) continue;
    object::verify_metadata(name, *bytes);
    if (name.type == ObjectType::Commit) ++counters_.metadata_imported;
    co_return bytes;
  }
  co_return std::nullopt;
}

void LocalSource::import(const ObjectName& name) {
  if (import_from(transaction_, source_, name, trust_)) return;
  throw Error(ErrorKind::NotFound,
              fmt::format("Object {} is missing in repository {}", name.text(), source_.path()))
      .hint("`fsck` of that repository tells what else is wrong with it");
}

asio::awaitable<Bytes> LocalSource::take_metadata(ObjectName name) {
  auto bytes = co_await offload(pool_, [&] {
    import(name);
    return transaction_.try_load_metadata(name);
  });
  ++counters_.metadata_imported;
  if (!bytes) throw Error(ErrorKind::Io, fmt::format("Object {} has vanished", name.text()));
  co_return std::move(*bytes);
}

asio::awaitable<void> LocalSource::take_content(Checksum checksum) {
  co_await offload(pool_, [&] { import({checksum, ObjectType::File}); });
  ++counters_.content_imported;
}

asio::awaitable<std::optional<Source::SummaryFiles>> LocalSource::summary_files() {
  co_return repo::read_summary_files(source_, object::default_max_metadata_size);
}

}  // namespace xylem::pull
