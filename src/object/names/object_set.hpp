#pragma once

#include <deque>
#include <vector>

#include "object/names/object_name.hpp"

namespace xylem::object {

/// A set of objects for trees of millions of files: some 42 bytes for each. With a million files
/// the two sets and the queue of a pull take 88 MB; of boost::unordered_flat_set, which doubles its
/// room, they would take 142 MB, and of std::unordered_set 149 MB. Not thread-safe.
class ObjectSet {
 public:
  /// False if it was there already. Throws Error(Unsupported) past 134 million.
  bool insert(const ObjectName& name);
  bool contains(const ObjectName& name) const;
  /// False if it was not there.
  bool erase(const ObjectName& name);

  std::size_t size() const { return names_.size(); }
  auto begin() const { return names_.begin(); }
  auto end() const { return names_.end(); }

 private:
  /// Where the name is noted, or would have to be.
  std::size_t slot_of(const ObjectName& name) const { return slot_of(name, hash_of(name)); }
  std::size_t slot_of(const ObjectName& name, std::size_t hash) const;
  static std::size_t hash_of(const ObjectName& name) { return std::hash<ObjectName>{}(name); }
  std::size_t home_of(std::size_t hash) const { return hash & (slots_.size() - 1); }
  const ObjectName& name_at(std::size_t slot) const;
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  void grow();
  void close_gap(std::size_t slot);

  std::deque<ObjectName> names_;
  /// A hash table, of open addressing. 0 is free; else the lower bits are a place in `names_`,
  /// counted from 1, and the upper ones bits of the hash, so that few wrong names are looked at.
  /// Its size is a power of two, and a part of it is always free.
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1);
};

}  // namespace xylem::object
