#include "tree/size_index.hpp"

#include <vector>

namespace xylem::tree {

void SizeIndex::add(const object::ObjectSize& size) {
  const std::lock_guard lock(mutex_);
  sizes_.try_emplace(size.checksum, size);
}

GVariantPtr SizeIndex::build() const {
  std::vector<object::ObjectSize> sizes;
  sizes.reserve(sizes_.size());
  for (const auto& [checksum, size] : sizes_) sizes.push_back(size);
  return object::build_sizes(std::move(sizes));
}

}  // namespace xylem::tree
