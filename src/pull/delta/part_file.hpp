#pragma once

/// \file
/// Files of parts as they are stored.

#include "base/os/fd.hpp"
#include "delta/format/superblock.hpp"

namespace xylem::pull {

/// Whether the file is the part that the header is of. Reads all of it.
bool is_part_file(FileDescriptor file, const delta::PartHeader& header);
/// Throws Error(Corrupt).
[[noreturn]] void refuse_part(const delta::PartHeader& header);

}  // namespace xylem::pull
