#pragma once

/// \file
/// Names of the caches of a repository that are no part of its content.

namespace xylem::repo::layout {

/// Content objects of an archive as plain files, below "ab/" as in objects/ of a bare repository.
constexpr char uncompressed_cache[] = "uncompressed-objects-cache";

}  // namespace xylem::repo::layout
