#include "pull/jobs/find_remotes.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/os/mounted_volumes.hpp"
#include "object/summary.hpp"
#include "pull/jobs/remote_summary.hpp"
#include "pull/jobs/volume_repos.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

using repo::CollectionRef;

namespace {

constexpr int config_priority = 100;

bool wants_collection(const std::vector<CollectionRef>& wanted, const std::string& id) {
  return std::ranges::any_of(wanted, [&](const auto& ref) { return ref.collection_id == id; });
}

RefOffer offer_of(const object::SummaryRef& entry) {
  namespace key = object::summary_key;
  return {entry.commit, entry.metadata.find_be64(key::commit_timestamp).value_or(0)};
}

RefOffers offers_of_summary(const repo::Remote& remote, const object::Summary& summary,
                            const std::vector<CollectionRef>& wanted) {
  RefOffers offers;
  offers.place = {Finder::Config, remote.name, remote.url, config_priority,
                  summary.last_modified().value_or(0)};
  for (const CollectionRef& ref : wanted) {
    if (ref.collection_id != remote.collection_id) continue;
    if (const auto* entry = summary.find(ref.collection_id, ref.ref))
      offers.refs.emplace(ref, offer_of(*entry));
  }
  return offers;
}

/// nullopt if the remote is of no use.
std::optional<RefOffers> ask_remote(const repo::Repo& repo, const std::string& name,
                                    const std::vector<CollectionRef>& wanted, PullOptions options,
                                    const CancelToken& cancel) {
  const repo::Remote remote = repo.remote(name);
  if (!remote.collection_id || !wants_collection(wanted, *remote.collection_id)) return {};
  try {
    options.remote = name;
    const auto files = fetch_remote_summary(repo, options, cancel);
    if (files) return offers_of_summary(remote, object::parse_summary(files->summary), wanted);
    log_info("Skipping remote {}: it has no summary", name);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    log_info("Skipping remote {}: {}", name, error.what());
  }
  return {};
}

std::map<CollectionRef, RefOffer> newest_commits(const std::vector<RefOffers>& offers) {
  std::map<CollectionRef, RefOffer> newest;
  for (const RefOffers& place : offers)
    for (const auto& [ref, offer] : place.refs) {
      const auto [known, added] = newest.try_emplace(ref, offer);
      if (!added && offer.timestamp > known->second.timestamp) known->second = offer;
    }
  return newest;
}

bool comes_before(const FoundRemote& a, const FoundRemote& b) {
  if (a.place.priority != b.place.priority) return a.place.priority < b.place.priority;
  if (a.refs.size() != b.refs.size()) return a.refs.size() > b.refs.size();
  return a.place.remote < b.place.remote;
}

}  // namespace

std::vector<FoundRemote> newest_places(std::vector<RefOffers> offers) {
  // Among commits of one age the better place decides.
  std::ranges::stable_sort(offers, {}, [](const auto& offer) { return offer.place.priority; });
  const auto newest = newest_commits(offers);
  std::vector<FoundRemote> found;
  for (RefOffers& place : offers) {
    FoundRemote remote{std::move(place.place), {}};
    for (const auto& [ref, offer] : place.refs)
      if (newest.at(ref).commit == offer.commit) remote.refs.emplace(ref, offer.commit);
    if (!remote.refs.empty()) found.push_back(std::move(remote));
  }
  std::ranges::stable_sort(found, comes_before);
  return found;
}

std::vector<FoundRemote> find_remotes(const repo::Repo& repo,
                                      const std::vector<CollectionRef>& wanted,
                                      const std::vector<Finder>& finders,
                                      const PullOptions& options, const CancelToken& cancel) {
  const auto asked = [&](Finder finder) { return std::ranges::count(finders, finder) != 0; };
  std::vector<RefOffers> offers;
  if (asked(Finder::Config))
    for (const std::string& name : repo.remote_names())
      if (auto offer = ask_remote(repo, name, wanted, options, cancel))
        offers.push_back(std::move(*offer));
  if (asked(Finder::Mount))
    for (const std::string& volume : mounted_volumes())
      for (RefOffers& offer : offers_on_volume(repo, volume, wanted))
        offers.push_back(std::move(offer));
  return newest_places(std::move(offers));
}

PullOptions options_for(const repo::Repo& repo, const FoundRemote& found, PullOptions options) {
  options.remote = found.place.remote;
  for (const auto& [ref, commit] : found.refs) options.refs.push_back(ref.ref);
  if (found.place.finder == Finder::Config) return options;
  options.url = found.place.url;
  // A volume's summary is unsigned: whoever copies refs to it has no key. Its commits are not.
  options.gpg_verify_summary = false;
  options.disable_sign_verify_summary = true;
  if (!repo.remote(found.place.remote).sign_verify.enabled) options.gpg_verify = true;
  return options;
}

}  // namespace xylem::pull
