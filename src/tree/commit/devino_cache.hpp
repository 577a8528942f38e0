#pragma once

/// \file
/// Recognises files that are hard links to objects.

#include <sys/stat.h>

#include <optional>
#include <unordered_map>

#include "repo/repo.hpp"

namespace xylem::tree {

/// Which object has which inode. Reading is thread-safe.
class DevinoCache {
 public:
  /// Lists all content objects of the repository and its parents.
  explicit DevinoCache(const repo::Repo& repo);
  std::optional<Checksum> find(const struct stat& info) const;

 private:
  struct Key {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<std::uint64_t>{}(key.inode ^ (static_cast<std::uint64_t>(key.device) << 40));
    }
  };
  std::unordered_map<Key, Checksum, Hash> objects_;
};

}  // namespace xylem::tree
