#pragma once

#include "delta/generate/part_plan.hpp"

namespace xylem::delta {

/// Which object is in which part. Metadata comes first, then files by how they are encoded, and of
/// those the ones of the same kind and from the same directories together: what is alike compresses
/// well. A part has at most `max_size` bytes of blob, or one object. There is at least one part.
/// `encodings` are those of `objects.files`; those that come alone are in no part.
std::vector<PartPlan> lay_out(const repo::Repo& repo, const NewObjects& objects,
                              const std::vector<Encoding>& encodings, std::uint64_t max_size);

}  // namespace xylem::delta
