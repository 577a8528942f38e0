#include "repo/staging/staged_names.hpp"

namespace xylem::repo {

using object::ObjectName;

bool StagedNames::contains(const ObjectName& name) const {
  const std::lock_guard lock(mutex_);
  return names_[layout::prefix_of(name)].contains(name);
}

void StagedNames::insert(const ObjectName& name) {
  const std::lock_guard lock(mutex_);
  if (names_[layout::prefix_of(name)].insert(name)) ++count_;
}

void StagedNames::erase(const ObjectName& name) {
  const std::lock_guard lock(mutex_);
  if (names_[layout::prefix_of(name)].erase(name)) --count_;
}

std::vector<ObjectName> StagedNames::with_prefix(std::size_t prefix) const {
  const std::lock_guard lock(mutex_);
  return {names_[prefix].begin(), names_[prefix].end()};
}

}  // namespace xylem::repo
