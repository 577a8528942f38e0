#include "object/names/object_set.hpp"

#include <algorithm>
#include <limits>

#include "xylem/error.hpp"

namespace xylem::object {

namespace {

constexpr int place_bits = 27;
constexpr std::uint32_t place_mask = (1U << place_bits) - 1;

std::uint32_t place_in(std::uint32_t slot) {
  return slot & place_mask;
}

/// The hash's upper bits: the lower ones say where its slot is.
std::uint32_t mark_of(std::size_t hash) {
  constexpr int mark_bits = 32 - place_bits;
  const std::size_t upper = hash >> (std::numeric_limits<std::size_t>::digits - mark_bits);
  return static_cast<std::uint32_t>(upper) << place_bits;
}

}  // namespace

bool ObjectSet::insert(const ObjectName& name) {
  if ((names_.size() + 1) * 4 > slots_.size() * 3) grow();
  const std::size_t hash = hash_of(name);
  std::uint32_t& slot = slots_[slot_of(name, hash)];
  if (slot != 0) return false;
  if (names_.size() == place_mask)
    throw Error(ErrorKind::Unsupported, "There are more than 134 million objects");
  names_.push_back(name);
  slot = mark_of(hash) | static_cast<std::uint32_t>(names_.size());
  return true;
}

bool ObjectSet::contains(const ObjectName& name) const {
  return slots_[slot_of(name)] != 0;
}

/// The last name moves to where the erased one was.
bool ObjectSet::erase(const ObjectName& name) {
  const std::size_t slot = slot_of(name);
  if (slots_[slot] == 0) return false;
  const std::uint32_t place = place_in(slots_[slot]);
  std::uint32_t& last = slots_[slot_of(names_.back())];
  last = (last & ~place_mask) | place;
  names_[place - 1] = names_.back();
  names_.pop_back();
  close_gap(slot);
  return true;
}

std::size_t ObjectSet::slot_of(const ObjectName& name, std::size_t hash) const {
  const std::uint32_t mark = mark_of(hash);
  const auto differs = [&](std::size_t slot) {
    return (slots_[slot] & ~place_mask) != mark || name_at(slot) != name;
  };
  std::size_t slot = home_of(hash);
  while (slots_[slot] != 0 && differs(slot)) slot = next(slot);
  return slot;
}

const ObjectName& ObjectSet::name_at(std::size_t slot) const {
  return names_[place_in(slots_[slot]) - 1];
}

void ObjectSet::grow() {
  constexpr std::size_t smallest = 16;
  slots_.assign(std::max(slots_.size() * 2, smallest), 0);
  std::uint32_t place = 0;
  for (const ObjectName& name : names_) {
    const std::size_t hash = hash_of(name);
    std::size_t slot = home_of(hash);
    while (slots_[slot] != 0) slot = next(slot);
    slots_[slot] = mark_of(hash) | ++place;
  }
}

/// Whoever stands behind a freed slot, and not where it belongs, moves up.
void ObjectSet::close_gap(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t other = next(slot); slots_[other] != 0; other = next(other)) {
    const std::size_t way_from_home = (other - home_of(hash_of(name_at(other)))) & mask;
    if (way_from_home < ((other - slot) & mask)) continue;
    slots_[slot] = slots_[other];
    slot = other;
  }
  slots_[slot] = 0;
}

}  // namespace xylem::object
