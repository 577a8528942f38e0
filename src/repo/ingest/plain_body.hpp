#pragma once

/// \file
/// What the bare modes share: a body that is the content itself.

#include "base/stream.hpp"
#include "repo/staging/staged_file.hpp"

namespace xylem::repo {

StagedFile write_plain(StagingArea& area, ByteSource& content);
StagedFile write_plain(StagingArea& area, ByteView content);

}  // namespace xylem::repo
