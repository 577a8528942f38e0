#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "repo/loose_store.hpp"

namespace xylem::repo {

/// What lists of directories have cost so far, and what may pay for them.
struct ListingTally {
  std::uint64_t found = 0;     ///< Objects that were asked for and are there.
  std::uint64_t listings = 0;  ///< Directories that were listed.
  std::uint64_t names = 0;     ///< Objects that these lists have.
};

/// Whether to list a directory of `names` objects. Lists never cost more than a look at each object
/// that was found: not in a small pull from a large repository, not where little is found.
bool pays_to_list(const ListingTally& tally, std::uint64_t names) noexcept;

/// Whether objects are in a store: by a look at each, and from lists of their directories once that
/// costs less. Such a list is kept: 42 bytes for each object, two million of them at most. Only
/// what it has is believed; for what it does not have there is a look at the object, which others
/// may have published meanwhile. Borrows the store. Thread-safe.
class PublishedObjects {
 public:
  /// `nothing_vanishes`: a lock keeps every prune from deleting trees and files. It does not keep
  /// `ostree fsck --delete` and ostree_repo_delete_object() from it, which take no lock: what they
  /// delete meanwhile may still be found. Without the lock there is always a look, and never a
  /// list.
  PublishedObjects(const LooseStore& store, bool nothing_vanishes)
      : store_(store), may_list_(nothing_vanishes) {}

  bool has(const object::ObjectName& name);

 private:
  struct Directory {
    std::mutex mutex;      ///< Protects the others.
    bool is_done = false;  ///< Listed, or not to be listed.
    std::optional<std::uint64_t> estimate;
    object::ObjectSet names;
  };

  bool is_listed(const object::ObjectName& name);
  void list_if_it_pays(std::uint8_t prefix);
  void list(std::uint8_t prefix, Directory& directory);
  ListingTally tally() const { return {found_, listings_, names_}; }

  const LooseStore& store_;
  const bool may_list_;
  std::atomic<std::uint64_t> found_ = 0;
  std::atomic<std::uint64_t> listings_ = 0;
  std::atomic<std::uint64_t> names_ = 0;
  std::array<Directory, 256> directories_;
};

}  // namespace xylem::repo
