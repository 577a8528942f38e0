#pragma once

/// \file
/// Collects `ostree.sizes`: what the objects of a commit weigh, stored and unpacked.

#include <mutex>
#include <unordered_map>

#include "object/commit.hpp"

namespace xylem::tree {

/// add() is thread-safe, the rest is not.
class SizeIndex {
 public:
  /// The first entry of a checksum stays.
  void add(const object::ObjectSize& size);
  void clear() { sizes_.clear(); }
  bool empty() const { return sizes_.empty(); }
  /// The value of `ostree.sizes`.
  GVariantPtr build() const;

 private:
  std::mutex mutex_;
  std::unordered_map<Checksum, object::ObjectSize> sizes_;
};

}  // namespace xylem::tree
