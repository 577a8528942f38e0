#pragma once

/// \file
/// What a commit must satisfy before anything of it is stored. Pure.

#include <optional>
#include <string>

#include "object/commit.hpp"

namespace xylem::pull {

/// Throws Error(Corrupt) unless the commit may be used under this ref and collection.
void check_bindings(const object::Commit& commit, const Checksum& checksum,
                    const std::optional<std::string>& ref,
                    const std::optional<std::string>& collection_id);

/// The most bytes that may come for a commit: what the summary says, but never more than metadata
/// may have at all (`max_metadata_size`; 0 is no limit).
std::uint64_t commit_size_limit(const std::optional<std::uint64_t>& told,
                                std::uint64_t max_metadata_size);

/// A commit that a new one may not be older than.
struct TimestampFloor {
  Checksum commit;
  std::uint64_t timestamp = 0;
  bool strict = false;  ///< Another commit of the same time counts as older.
};

/// Throws Error(Downgrade) if the commit is older than `floor`.
void check_timestamp(const object::Commit& commit, const Checksum& checksum,
                     const TimestampFloor& floor);

}  // namespace xylem::pull
