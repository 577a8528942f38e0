#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "repo/disk/layout.hpp"
#include "repo/loose/loose_store.hpp"

namespace xylem::repo {

/// What lists of directories have cost so far, and what may pay for them.
struct ListingTally {
  std::uint64_t found = 0;     ///< Objects that were asked for and are there.
  std::uint64_t listings = 0;  ///< Directories that were listed, or given up.
  std::uint64_t read = 0;      ///< Names that were read from them.
  std::uint64_t kept = 0;      ///< Of these, those of directories that were not given up.
  std::uint64_t fullest = 0;   ///< The most names that were read from one of them.
};

/// How many names may be read from one more directory, of which it is thought that it has
/// `estimate`; 0: it is not to be listed. Lists never cost more than a look at each object that was
/// found: not in a small pull from a large repository, not where little is found, and not where
/// estimates are too small.
std::uint64_t names_that_pay(const ListingTally& tally, std::uint64_t estimate) noexcept;

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
  /// Takes it out of the store, and out of the lists. False if it was not there.
  bool remove(const object::ObjectName& name);

 private:
  struct Directory {
    bool is_done = false;  ///< Listed, or not to be listed. As `estimate`, under `listing_`.
    std::optional<std::uint64_t> estimate;
    std::mutex mutex;  ///< Protects `names`.
    object::ObjectSet names;
  };

  bool is_listed(const object::ObjectName& name);
  void list_if_it_pays(std::uint8_t prefix);
  void list(std::uint8_t prefix, std::uint64_t limit);

  const LooseStore& store_;
  const bool may_list_;
  std::atomic<std::uint64_t> found_ = 0;
  std::mutex listing_;  ///< Held by the one thread that lists, and thereby spends; before `mutex`.
  ListingTally tally_;  ///< Under `listing_`.
  std::array<Directory, layout::prefixes> directories_;
};

}  // namespace xylem::repo
