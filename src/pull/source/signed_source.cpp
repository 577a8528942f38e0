#include "pull/source/signed_source.hpp"

#include <fmt/format.h>

#include "pull/remote/verification.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

SignedSource::SignedSource(std::unique_ptr<Source> inner, sign::Requirement requirement,
                           std::optional<std::string> collection_id, std::string where)
    : ForwardingSource(std::move(inner)),
      requirement_(std::move(requirement)),
      collection_id_(std::move(collection_id)),
      where_(std::move(where)) {}

asio::awaitable<void> SignedSource::load() {
  if (summary_) co_return;
  auto files = co_await inner().summary_files();
  if (!files)
    throw Error(ErrorKind::SignatureInvalid,
                fmt::format("The summary of {} must be signed, but there is none", where_))
        .hint("`summary -u --gpg-sign=KEY-ID` makes a signed one");
  require_signed_summary(requirement_, files->summary,
                         files->signature ? &*files->signature : nullptr, where_);
  summary_ = object::parse_summary(files->summary);
  files_ = std::move(*files);
}

asio::awaitable<FoundRef> SignedSource::find_ref(std::string ref) {
  co_await load();
  const object::SummaryRef* entry =
      collection_id_ ? summary_->find(*collection_id_, ref) : summary_->find(ref);
  if (entry == nullptr)
    throw Error(ErrorKind::NotFound,
                fmt::format("No such branch '{}' in the signed summary of {}", ref, where_));
  co_return FoundRef{entry->commit, entry->commit_size,
                     collection_id_ ? collection_id_ : summary_->collection_id()};
}

asio::awaitable<std::vector<std::string>> SignedSource::list_refs() {
  co_await load();
  std::vector<std::string> refs;
  for (const object::SummaryRef& entry : summary_->refs) refs.push_back(entry.ref);
  co_return refs;
}

asio::awaitable<std::optional<Source::SummaryFiles>> SignedSource::summary_files() {
  co_await load();
  co_return files_;
}

}  // namespace xylem::pull
