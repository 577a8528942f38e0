#include "repo/loose/published_objects.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "repo/disk/layout.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// All lists together.
constexpr std::uint64_t most_names = 2'000'000;

/// Detached metadata and tombstones are removed under the lock of those who add objects.
bool stays(ObjectType type) {
  return type == ObjectType::File || type == ObjectType::DirTree || type == ObjectType::DirMeta;
}

}  // namespace

std::uint64_t names_that_pay(const ListingTally& tally, std::uint64_t estimate) noexcept {
  constexpr std::uint64_t fewest_found = 1000;  // below, all looks together take two milliseconds
  constexpr std::uint64_t look = 4;             // costs as much as so many names of a list
  constexpr std::uint64_t opening = 20;         // a directory: as much as so many names
  const std::uint64_t gain = tally.found * look;
  const std::uint64_t cost = tally.read + (tally.listings + 1) * opening;
  if (tally.found < fewest_found || cost > gain || tally.kept > most_names) return 0;
  const std::uint64_t names = std::min(gain - cost, most_names - tally.kept);
  // Checksums spread evenly: directories differ little.
  return names >= std::max(estimate, 2 * tally.fullest) ? names : 0;
}

bool PublishedObjects::has(const ObjectName& name) {
  if (!may_list_ || !stays(name.type)) return store_.has(name);
  if (is_listed(name)) {
    ++found_;
    return true;
  }
  if (!store_.has(name)) return false;
  ++found_;
  list_if_it_pays(layout::prefix_of(name));
  return true;
}

bool PublishedObjects::remove(const ObjectName& name) {
  Directory& directory = directories_[layout::prefix_of(name)];
  const std::lock_guard lock(directory.mutex);
  directory.names.erase(name);
  return store_.remove(name);
}

bool PublishedObjects::is_listed(const ObjectName& name) {
  Directory& directory = directories_[layout::prefix_of(name)];
  const std::lock_guard lock(directory.mutex);
  return directory.names.contains(name);
}

void PublishedObjects::list_if_it_pays(std::uint8_t prefix) {
  const std::lock_guard lock(listing_);  // whoever lists now may use up what pays
  Directory& directory = directories_[prefix];
  tally_.found = found_;
  if (directory.is_done || names_that_pay(tally_, 0) == 0) return;
  if (!directory.estimate) directory.estimate = store_.estimate_count(prefix);
  const std::uint64_t limit = names_that_pay(tally_, *directory.estimate);
  if (limit != 0) list(prefix, limit);
}

/// Failing only costs time: who may not list a directory may still look for a name in it.
void PublishedObjects::list(std::uint8_t prefix, std::uint64_t limit) try {
  Directory& directory = directories_[prefix];
  directory.is_done = true;
  ++tally_.listings;
  auto names = store_.list(prefix, limit);
  const std::uint64_t read = names ? names->size() : limit;
  tally_.read += read;
  tally_.fullest = std::max(tally_.fullest, read);
  if (!names) return;
  tally_.kept += read;
  const std::lock_guard lock(directory.mutex);
  directory.names = std::move(*names);
} catch (const Error& error) {
  log_debug("Looking for each object instead of listing: {}", error.what());
}

}  // namespace xylem::repo
