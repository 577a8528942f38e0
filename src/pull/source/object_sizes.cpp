#include "pull/source/object_sizes.hpp"

#include <algorithm>

#include "base/saturating.hpp"

namespace xylem::pull {

using object::ObjectSize;
using object::ObjectType;

namespace {

bool is_content(const ObjectSize& size) {
  return size.type <= static_cast<std::uint8_t>(ObjectType::File);
}

}  // namespace

std::uint64_t deflate_bound(std::uint64_t size) {
  constexpr std::uint64_t constant = 64;
  // zlib's bound for its smallest windows, the worst of all its settings.
  return saturating_sum(saturating_sum(size, size / 8 + size / 64), constant);
}

void ObjectSizes::add(const object::Commit& commit) {
  for (const ObjectSize& size : object::sizes_of(commit)) {
    ObjectSize& known = sizes_.try_emplace(size.checksum, size).first->second;
    known.archived = std::max(known.archived, size.archived);
    known.unpacked = std::max(known.unpacked, size.unpacked);
    all_unpacked_ = saturating_sum(all_unpacked_, size.unpacked);
  }
}

const ObjectSize* ObjectSizes::find(const Checksum& checksum) const {
  const auto found = sizes_.find(checksum);
  return found == sizes_.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> ObjectSizes::archived(const Checksum& file) const {
  const ObjectSize* size = find(file);
  if (size == nullptr || !is_content(*size)) return std::nullopt;
  return size->archived;
}

std::uint64_t ObjectSizes::content_limit(const Checksum& file) const {
  const ObjectSize* size = find(file);
  return size == nullptr ? UINT64_MAX : size->unpacked;
}

std::uint64_t ObjectSizes::wire_limit(const Checksum& file) const {
  const ObjectSize* size = find(file);
  // The archived size counts the header, which is the same everywhere.
  return size == nullptr ? 0 : saturating_sum(size->archived, deflate_bound(size->unpacked));
}

std::uint64_t ObjectSizes::metadata_limit(const object::ObjectName& name,
                                          std::uint64_t otherwise) const {
  const ObjectSize* size = find(name.checksum);
  if (size == nullptr) return otherwise;
  const std::uint64_t told = std::max<std::uint64_t>(size->unpacked, 1);
  return otherwise == 0 ? told : std::min(told, otherwise);
}

}  // namespace xylem::pull
