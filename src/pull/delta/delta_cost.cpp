#include "pull/delta/delta_cost.hpp"

#include <algorithm>

#include "base/saturating.hpp"
#include "object/names/object_set.hpp"

namespace xylem::pull {

namespace {

using object::ObjectName;
using object::ObjectType;

/// Adds a request without passing the end.
void add(TransferCost& cost, std::uint64_t bytes) {
  ++cost.requests;
  cost.bytes = saturating_sum(cost.bytes, bytes);
}

/// Adds the missing objects of one part, or of the fallbacks, and returns whether there are any.
class Search {
 public:
  Search(repo::Transaction& transaction, MissingObjects& missing)
      : transaction_(transaction), missing_(missing) {}

  bool look_for(const ObjectName& name, std::uint64_t estimate) {
    if (transaction_.has(name)) return false;
    if (seen_.insert(name)) missing_.objects.push_back({name, estimate});
    return true;
  }

 private:
  repo::Transaction& transaction_;
  MissingObjects& missing_;
  object::ObjectSet seen_;
};

}  // namespace

MissingObjects find_missing(const delta::DeltaBytes& delta, repo::Transaction& transaction) {
  MissingObjects missing;
  Search search(transaction, missing);
  const auto& parts = delta.superblock().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // Nobody says how large each object is: all of a part get the same share. One by one, objects
    // are never compressed better than in the part.
    const std::uint64_t count = std::max<std::size_t>(parts[i].objects.size(), 1);
    const std::uint64_t estimate =
        std::max(estimated_wire_size(parts[i].content_size), parts[i].size) / count;
    bool any = false;
    for (const ObjectName& name : parts[i].objects) any |= search.look_for(name, estimate);
    if (any) missing.parts.push_back(i);
  }
  for (const delta::Fallback& fallback : delta.superblock().fallbacks)
    if (search.look_for(fallback.object, fallback.stored_size))
      missing.fallbacks.push_back(fallback);
  return missing;
}

TransferCost delta_cost(const delta::DeltaBytes& delta, const MissingObjects& missing) {
  TransferCost cost;
  for (const std::size_t part : missing.parts)
    if (!delta.inline_part(part)) add(cost, delta.superblock().parts[part].size);
  for (const delta::Fallback& fallback : missing.fallbacks) add(cost, fallback.stored_size);
  return cost;
}

TransferCost loose_cost(const MissingObjects& missing, const ObjectSizes& sizes) {
  TransferCost cost;
  for (const auto& [name, estimate] : missing.objects) {
    const bool is_file = name.type == ObjectType::File;
    const auto known = is_file ? sizes.archived(name.checksum) : std::nullopt;
    add(cost, known.value_or(estimate));
  }
  return cost;
}

}  // namespace xylem::pull
