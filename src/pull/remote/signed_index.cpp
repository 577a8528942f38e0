#include "pull/remote/signed_index.hpp"

#include <fmt/format.h>

#include "object/names/object_name.hpp"
#include "pull/remote/local_index.hpp"
#include "pull/remote/verification.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

SignedIndex::SignedIndex(const repo::Repo& source, sign::Requirement requirement,
                         std::optional<std::string> collection_id,
                         std::optional<repo::SummaryFiles> given)
    : source_(source),
      requirement_(std::move(requirement)),
      collection_id_(std::move(collection_id)),
      given_(std::move(given)) {}

void SignedIndex::load() {
  if (summary_) return;
  auto files = given_ ? std::move(given_)
                      : repo::read_summary_files(source_, object::default_max_metadata_size);
  if (!files)
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("The summary of {} must be signed, but there is none", source_.path()))
        .hint("have the server run `xylem summary -u --gpg-sign=KEY-ID`");
  require_signed_summary(requirement_, files->summary,
                         files->signature ? &*files->signature : nullptr, source_.path());
  summary_ = object::parse_summary(files->summary);
  files_ = std::move(*files);
}

asio::awaitable<FoundRef> SignedIndex::find_ref(std::string ref) {
  load();
  const object::SummaryRef* entry =
      collection_id_ ? summary_->find(*collection_id_, ref) : summary_->find(ref);
  if (entry == nullptr)
    throw Error(ErrorKind::NotFound, fmt::format("No such branch '{}' in the signed summary of {}",
                                                 ref, source_.path()));
  co_return FoundRef{entry->commit, entry->commit_size,
                     collection_id_ ? collection_id_ : summary_->collection_id()};
}

asio::awaitable<std::vector<std::string>> SignedIndex::list_refs() {
  load();
  std::vector<std::string> refs;
  for (const object::SummaryRef& entry : summary_->refs) refs.push_back(entry.ref);
  co_return refs;
}

asio::awaitable<DeltaListing> SignedIndex::list_deltas(bool) {
  load();
  co_return listing_of(source_);
}

asio::awaitable<std::optional<repo::SummaryFiles>> SignedIndex::summary_files() {
  load();
  co_return files_;
}

}  // namespace xylem::pull
