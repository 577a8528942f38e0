#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "pull/publication.hpp"
#include "pull/report/progress.hpp"
#include "pull/source/source_factory.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Bytes of content that the pull asks for; nullopt if the commits do not tell sizes.
std::optional<std::uint64_t> bytes_expected(const PullContext& context);

/// How much has come, and how much is on its way.
ProgressReporter::Traffic traffic_of(const PullContext& context, const OpenSource& origin);

/// What a pull that has ended returns to its caller.
PullResult result_of(const PullContext& context, const OpenSource& origin, Published published,
                     std::chrono::steady_clock::duration elapsed);

}  // namespace xylem::pull
