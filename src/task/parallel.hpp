#pragma once

#include <cstddef>
#include <functional>

namespace xylem::repo {

/// Calls `work` once for each index below `count`, on `threads` threads (0: one for each
/// processor), of which the caller's is one; on fewer where no more can be made. `tick` is called
/// on the caller's thread only, with how many are done, and once with all of them. The first
/// exception stops everything and is thrown when all threads have ended.
void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& tick);

}  // namespace xylem::repo
