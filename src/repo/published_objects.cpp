#include "repo/published_objects.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "repo/layout.hpp"
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

bool pays_to_list(const ListingTally& tally, std::uint64_t names) noexcept {
  constexpr std::uint64_t fewest_found = 1000;  // below, all looks together take two milliseconds
  constexpr std::uint64_t look = 4;             // costs as much as so many names of a list
  constexpr std::uint64_t opening = 20;         // a directory: as much as so many names
  const std::uint64_t cost = tally.names + names + (tally.listings + 1) * opening;
  return tally.found >= fewest_found && cost <= tally.found * look &&
         tally.names + names <= most_names;
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

bool PublishedObjects::is_listed(const ObjectName& name) {
  Directory& directory = directories_[layout::prefix_of(name)];
  const std::lock_guard lock(directory.mutex);
  return directory.names.contains(name);
}

void PublishedObjects::list_if_it_pays(std::uint8_t prefix) {
  if (!pays_to_list(tally(), 0)) return;
  Directory& directory = directories_[prefix];
  const std::lock_guard lock(directory.mutex);
  if (directory.is_done) return;
  if (!directory.estimate) directory.estimate = store_.estimate_count(prefix);
  if (pays_to_list(tally(), *directory.estimate)) list(prefix, directory);
}

/// Failing only costs time: who may not list a directory may still look for a name in it.
void PublishedObjects::list(std::uint8_t prefix, Directory& directory) try {
  directory.is_done = true;
  ++listings_;
  auto names = store_.list(prefix, most_names - std::min<std::uint64_t>(names_, most_names));
  if (names) directory.names = std::move(*names);
  // What is too much for what is left leaves no room for others either.
  names_ += names ? directory.names.size() : most_names;
} catch (const Error& error) {
  log_debug("Looking for each object instead of listing: {}", error.what());
}

}  // namespace xylem::repo
