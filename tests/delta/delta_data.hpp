#pragma once

/// \file
/// Deltas to test with: recorded ones, ones of ours, and ones that the installed `ostree` makes.

#include <string>
#include <vector>

#include "delta/format/payload.hpp"
#include "delta/format/superblock.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

/// A file of tests/data/ostree-2026.4.
Bytes recorded(const std::string& name);

/// What unpacks `archive` of the package ostree-tests into `dir`, to find "pre-endian-deltas-repo".
void unpack_old_repo(const std::string& order, const TempDir& dir);

/// Compressed, with the byte that says so before it, as a part file is.
Bytes part_file(ByteView payload);
/// From a part file.
Bytes payload_of(ByteView part);

/// Files of a repository's deltas/ directory called so, sorted by path.
std::vector<std::string> delta_files(const std::string& repo, const std::string& name);

/// Makes an archive repository "repo" with two commits on "main": changed, grown and new files,
/// links, modes, attributes. `plain` leaves out what a bare-user-only repository cannot keep.
void make_two_commits(const TempDir& dir, bool plain);

}  // namespace xylem::test
