#pragma once

/// \file
/// What a delta may take. Each limit has its reason; a delta beyond one is not used, and what it
/// would have brought is fetched object by object.

#include <cstddef>
#include <cstdint>

#include "object/names/object_name.hpp"

namespace xylem::delta {

/// Superblocks and indexes: libostree fetches no larger ones.
constexpr std::uint64_t max_superblock_size = object::default_max_metadata_size;

/// The only version of parts that there has ever been.
constexpr std::uint32_t newest_part_version = 0;

/// Memory to decompress a part: libostree's limit since 2026.3, which means a dictionary of at most
/// 96 MiB. Its own parts have one of 32 MiB.
constexpr std::uint64_t max_xz_memory = 100ULL * 1024 * 1024;

/// Commits, directories and their attributes are in memory as a whole, as they are without a delta.
constexpr std::uint64_t max_metadata_size = object::default_max_metadata_size;

/// Longest target of a symbolic link: PATH_MAX less the NUL. No kernel makes a longer one.
constexpr std::uint64_t max_symlink_target = 4095;

/// One list of extended attributes. Linux keeps at most 64 KiB of names and 64 KiB for each value;
/// real lists have a few hundred bytes.
constexpr std::uint64_t max_xattrs_size = 1ULL << 20;

/// Bytes that one record of a bsdiff stream copies or adds. The format's own limit: negative and
/// larger numbers broke bspatch once (CVE-2014-9862, CVE-2020-14315).
constexpr std::uint64_t max_bsdiff_run = 0x7fffffff;

/// The longest operation: its code, and four numbers of ten bytes.
constexpr std::size_t max_operation_size = 1 + 4 * 10;

}  // namespace xylem::delta
