#include "pull/remote/local_index.hpp"

#include <fmt/format.h>

#include <set>

#include "base/log.hpp"
#include "object/names/object_name.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/static_deltas.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace {

/// nullopt if there is no summary, which could leave one out.
std::optional<std::set<delta::DeltaName>> listed_names(
    const std::optional<object::Summary>& summary) {
  if (!summary) return std::nullopt;
  std::set<delta::DeltaName> names;
  for (const delta::DeltaEntry& entry : delta::listed_deltas(summary->metadata))
    names.insert(entry.name);
  return names;
}

}  // namespace

DeltaListing listing_of(const repo::Repo& source) {
  DeltaListing listing{.is_loaded = true};
  const auto summary = repo::load_summary(source);
  const auto listed = listed_names(summary);
  for (const delta::DeltaName& name : repo::list_delta_names(source))
    if (!listed || listed->contains(name)) listing.deltas.push_back({name, std::nullopt});
  listing.has_indexes = source.key_file().find_bool("core", "indexed-deltas").value_or(false);
  return listing;
}

asio::awaitable<FoundRef> LocalIndex::find_ref(std::string ref) {
  if (collection_id_) {
    const auto commit = repo::find_ref(source_, repo::CollectionRef{*collection_id_, ref});
    if (commit) co_return FoundRef{*commit, std::nullopt, collection_id_};
  }
  const auto commit = repo::find_ref(source_, object::RefSpec{std::nullopt, ref});
  if (!commit)
    throw Error(ErrorKind::NotFound,
                fmt::format("Refspec '{}' not found in repository {}", ref, source_.path()))
        .hint("`xylem refs --repo=" + source_.path() + "` lists what there is");
  co_return FoundRef{*commit, std::nullopt, std::nullopt};
}

asio::awaitable<std::vector<std::string>> LocalIndex::list_refs() {
  std::vector<std::string> refs;
  const auto leave_out = [&](const object::RefSpec& spec, const Error& error) {
    log_warning("Ref {} is not pulled: {}", spec.text(), error.what());
  };
  for (const auto& [spec, entry] : repo::list_refs(source_, {}, leave_out)) {
    if (!spec.remote)
      refs.push_back(spec.ref);
    else if (remote_refs_ == RemoteRefs::Refuse)
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("Invalid ref name {}: {} has it from a remote", spec.text(), source_.path()))
          .hint("Name the refs to pull: only those that are not of a remote can be.");
  }
  co_return refs;
}

asio::awaitable<DeltaListing> LocalIndex::list_deltas(bool) {
  co_return listing_of(source_);
}

asio::awaitable<std::optional<repo::SummaryFiles>> LocalIndex::summary_files() {
  co_return repo::read_summary_files(source_, object::default_max_metadata_size);
}

}  // namespace xylem::pull
