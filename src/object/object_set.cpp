#include "object/object_set.hpp"

#include <algorithm>

namespace xylem::object {

bool ObjectSet::insert(const ObjectName& name) {
  std::size_t slot = slot_of(name);
  if (slots_[slot] != 0) return false;
  if ((names_.size() + 1) * 4 > slots_.size() * 3) {
    grow();
    slot = slot_of(name);
  }
  names_.push_back(name);
  slots_[slot] = static_cast<std::uint32_t>(names_.size());
  return true;
}

bool ObjectSet::contains(const ObjectName& name) const {
  return slots_[slot_of(name)] != 0;
}

/// The last name moves to where the erased one was.
bool ObjectSet::erase(const ObjectName& name) {
  const std::size_t slot = slot_of(name);
  const std::uint32_t place = slots_[slot];
  if (place == 0) return false;
  slots_[slot_of(names_.back())] = place;
  names_[place - 1] = names_.back();
  names_.pop_back();
  close_gap(slot);
  return true;
}

std::size_t ObjectSet::home_of(const ObjectName& name) const {
  return std::hash<ObjectName>{}(name) & (slots_.size() - 1);
}

std::size_t ObjectSet::slot_of(const ObjectName& name) const {
  std::size_t slot = home_of(name);
  while (slots_[slot] != 0 && name_at(slot) != name) slot = next(slot);
  return slot;
}

void ObjectSet::grow() {
  constexpr std::size_t smallest = 16;
  slots_.assign(std::max(slots_.size() * 2, smallest), 0);
  for (std::size_t place = 0; place < names_.size(); ++place)
    slots_[slot_of(names_[place])] = static_cast<std::uint32_t>(place + 1);
}

/// Whoever stands behind a freed slot, and not where it belongs, moves up.
void ObjectSet::close_gap(std::size_t slot) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t other = next(slot); slots_[other] != 0; other = next(other)) {
    const std::size_t way_from_home = (other - home_of(name_at(other))) & mask;
    if (way_from_home < ((other - slot) & mask)) continue;
    slots_[slot] = slots_[other];
    slot = other;
  }
  slots_[slot] = 0;
}

}  // namespace xylem::object
