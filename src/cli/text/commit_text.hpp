#pragma once

/// \file
/// Commits as `ostree log` and `ostree show` print them.

#include <string>

#include "object/commit.hpp"

namespace xylem::cli {

/// Parent, checksum, date, version, subject and body, with an empty line at the end. Throws
/// Error(Corrupt) for a date that no calendar has.
std::string commit_text(const object::Commit& commit);

/// "2026-11-21 08:28:13 +0000".
std::string timestamp_text(std::uint64_t seconds);

}  // namespace xylem::cli
