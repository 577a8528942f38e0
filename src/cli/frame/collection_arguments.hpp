#pragma once

#include <string>
#include <vector>

#include "repo/refs/refs.hpp"

namespace CLI {
class App;
}

namespace xylem::cli {

/// "COLLECTION-ID REF COLLECTION-ID REF…", from `first` on. Throws UsageError if a pair is not
/// complete or there is none, Error(InvalidArgument) for names that cannot be.
std::vector<repo::CollectionRef> parse_collection_refs(const CLI::App& command,
                                                       const std::vector<std::string>& arguments,
                                                       std::size_t first);

}  // namespace xylem::cli
