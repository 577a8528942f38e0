#pragma once

/// \file
/// Keys of `config` that xylem has no use for, but whose bad values keep libostree from opening the
/// repository.

#include "repo/config/key_file.hpp"

namespace xylem::repo {

/// Throws Error(InvalidArgument) for a value with which libostree would not open the repository,
/// unless `before` has the same one: who edits something else is not held up.
void require_for_libostree(const KeyFile& file, const KeyFile& before);

}  // namespace xylem::repo
