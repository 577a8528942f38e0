#pragma once

/// \file
/// The names of the objects that one transaction has staged.

#include <array>
#include <atomic>
#include <mutex>
#include <vector>

#include "object/names/object_set.hpp"
#include "repo/disk/layout.hpp"

namespace xylem::repo {

/// Grouped by the first byte of their checksums, as directories of objects are. Thread-safe.
class StagedNames {
 public:
  bool contains(const object::ObjectName& name) const;
  void insert(const object::ObjectName& name);
  void erase(const object::ObjectName& name);
  /// All whose checksums begin with this byte.
  std::vector<object::ObjectName> with_prefix(std::size_t prefix) const;
  bool empty() const { return count_ == 0; }

 private:
  mutable std::mutex mutex_;  ///< Protects names_.
  std::array<object::ObjectSet, layout::prefixes> names_;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace xylem::repo
