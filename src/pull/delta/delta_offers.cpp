#include "pull/delta/delta_offers.hpp"

#include <map>

#include "base/log.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

/// What fails here is no reason for a pull to fail: it goes on without deltas.
asio::awaitable<void> DeltaOffers::prepare(bool loads_summary) {
  try {
    DeltaListing listing = co_await index_.list_deltas(false);
    if (!listing.is_loaded) has_indexes_ = co_await files_.has_indexes();
    if (!listing.is_loaded && !has_indexes_ && loads_summary)
      listing = co_await index_.list_deltas(true);
    has_indexes_ = has_indexes_ || listing.has_indexes;
    listed_ = std::move(listing.deltas);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    log_info("Static deltas are not looked for: {}", error.what());
  }
}

/// An index is only a list of what might be worth asking for: nothing depends on it.
asio::awaitable<std::vector<DeltaOffer>> DeltaOffers::read_index(Checksum commit) {
  std::vector<DeltaOffer> offers;
  const auto bytes = co_await files_.fetch_index(commit);
  if (!bytes) co_return offers;
  for (const delta::DeltaEntry& entry : delta::parse_delta_index(*bytes))
    offers.push_back({entry.name, entry.superblock});
  co_return offers;
}

asio::awaitable<std::vector<DeltaOffer>> DeltaOffers::to(Checksum commit,
                                                         std::optional<Checksum> here) {
  std::vector<DeltaOffer> indexed;
  if (has_indexes_) {
    try {
      indexed = co_await read_index(commit);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) throw;
      log_info("The index of deltas to {} is not used: {}", commit.hex(), error.what());
    }
  }
  if (lists_any()) co_return offers_to(commit, listed_, indexed);
  co_return std::vector<DeltaOffer>{{{here, commit}, std::nullopt}};
}

std::vector<DeltaOffer> offers_to(const Checksum& commit, const std::vector<DeltaOffer>& listed,
                                  const std::vector<DeltaOffer>& later) {
  std::map<delta::DeltaName, std::optional<Checksum>> found;
  for (const auto* offers : {&listed, &later})
    for (const DeltaOffer& offer : *offers)
      if (offer.name.to == commit) found.insert_or_assign(offer.name, offer.superblock);
  std::vector<DeltaOffer> result;
  for (const auto& [name, superblock] : found) result.push_back({name, superblock});
  return result;
}

}  // namespace xylem::pull
