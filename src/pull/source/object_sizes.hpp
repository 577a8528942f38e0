#pragma once

/// \file
/// What commits say of the sizes of their objects (`ostree.sizes`): for progress, and as bounds of
/// what a server may send.

#include <unordered_map>

#include "object/commit.hpp"
#include "object/names/object_name.hpp"

namespace xylem::pull {

/// Of all commits of a pull. Belongs to the pull's executor: no locking.
class ObjectSizes {
 public:
  /// Adds what an accepted commit says. Where commits disagree the larger size counts.
  void add(const object::Commit& commit);
  bool empty() const { return sizes_.empty(); }
  /// What all objects that were told of take together, inflated; UINT64_MAX where that overflows.
  std::uint64_t all_unpacked() const { return all_unpacked_; }

  /// Bytes that a content object has on the wire; nullopt if nobody says.
  std::optional<std::uint64_t> archived(const Checksum& file) const;
  /// The most bytes that a file may have, inflated; UINT64_MAX if nobody says.
  std::uint64_t content_limit(const Checksum& file) const;
  /// The most bytes that a content object may have on the wire, however badly its server
  /// compresses: a mirror need not have the very bytes that the commit counted. 0 is no limit.
  std::uint64_t wire_limit(const Checksum& file) const;
  /// The most bytes that a dirtree or dirmeta may have, which is `otherwise` if nobody says; 0 is
  /// no limit.
  std::uint64_t metadata_limit(const object::ObjectName& name, std::uint64_t otherwise) const;

 private:
  const object::ObjectSize* find(const Checksum& checksum) const;

  std::unordered_map<Checksum, object::ObjectSize> sizes_;
  std::uint64_t all_unpacked_ = 0;
};

/// The most bytes that deflate makes of `size` bytes, whatever program and level made them; with
/// overflow it is UINT64_MAX. Pure.
std::uint64_t deflate_bound(std::uint64_t size);

}  // namespace xylem::pull
