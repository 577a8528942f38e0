#pragma once

#include "delta/generate/part_writer.hpp"

namespace xylem::delta {

/// What goes into a superblock beside its parts.
struct SuperblockContent {
  DeltaName name;
  ByteOrder order = ByteOrder::Little;
  object::Dict metadata;
  std::vector<WrittenPart> parts;
  std::vector<Fallback> fallbacks;
  /// The files of the parts, if they go into the superblock; else empty.
  std::vector<Bytes> inline_parts;
};

/// The bytes of the superblock, which says that it is as old as its commit: it is the same whenever
/// it is made. Throws Error(Unsupported) if it is larger than anybody fetches.
Bytes build_superblock(const repo::Repo& repo, const SuperblockContent& content);

}  // namespace xylem::delta
