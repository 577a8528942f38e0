#pragma once

/// \file
/// Stages archive objects as servers send them.

#include "base/os/growing_file.hpp"
#include "repo/ingest/ingest.hpp"

namespace xylem::repo {

/// What a checked `.filez` is.
struct ImportedFile {
  bool added = false;      ///< This transaction had not staged it before.
  std::uint64_t size = 0;  ///< Of the content, inflated.
};

/// Each throws Error(Corrupt), and stages nothing, unless the archive object inflates to exactly
/// what `expected` says, with nothing behind its end. Declared sizes are not believed before; one
/// above `limit` bytes is refused before anything is inflated. Thread-safe.

/// From memory: the path of nearly every object of a pull.
ImportedFile import_filez(ObjectStager& stager, const Checksum& expected, ByteView filez,
                          std::uint64_t limit = UINT64_MAX);
/// From a file, streaming. An archive takes the file itself; other modes leave it where it is.
ImportedFile import_filez_file(ObjectStager& stager, const Checksum& expected, const PathAt& filez,
                               std::uint64_t limit = UINT64_MAX);
/// As above, while the file is still written to; waits for it. Nothing is staged before the file is
/// complete and checked.
ImportedFile import_growing_filez(ObjectStager& stager, const Checksum& expected,
                                  GrowingFile& filez, std::uint64_t limit = UINT64_MAX);

}  // namespace xylem::repo
