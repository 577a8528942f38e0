#pragma once

/// \file
/// What of a delta is missing here, and what it costs to have it in either way.

#include "delta/format/delta_bytes.hpp"
#include "pull/delta/delta_choice.hpp"
#include "pull/source/object_sizes.hpp"
#include "repo/transaction/transaction.hpp"

namespace xylem::pull {

/// What a delta would bring, and is not here.
struct MissingObjects {
  struct Object {
    object::ObjectName name;
    std::uint64_t estimate = 0;  ///< Bytes on the wire, if nobody knows better.
  };
  std::vector<std::size_t> parts;  ///< Those that make one of the objects.
  std::vector<delta::Fallback> fallbacks;
  std::vector<Object> objects;  ///< Of the parts and the fallbacks, each once.
};

/// Looks for every object of the delta: blocking, any thread.
MissingObjects find_missing(const delta::DeltaBytes& delta, repo::Transaction& transaction);

/// Of the parts that are not inline, and of the fallbacks.
TransferCost delta_cost(const delta::DeltaBytes& delta, const MissingObjects& missing);
/// Of the same objects, one by one.
TransferCost loose_cost(const MissingObjects& missing, const ObjectSizes& sizes);

}  // namespace xylem::pull
