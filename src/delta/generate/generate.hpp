#pragma once

/// \file
/// Room `delta/generate`: static deltas made of two commits: which bytes of the one are in the
/// other, and how to say so in few bytes. Knows nothing of networks, signatures.
///
/// The same commits and options give the same bytes, on any machine and any number of threads.

#include <functional>
#include <optional>
#include <string>

#include "delta/format/superblock.hpp"
#include "repo/repo.hpp"

namespace xylem::delta {

constexpr std::uint64_t megabyte = 1000 * 1000;

struct GenerateOptions {
  bool is_inline = false;      ///< Parts in the superblock.
  bool if_not_exists = false;  ///< Leave a delta of this name as it is.
  bool disable_patches = false;
  ByteOrder order = ByteOrder::Little;
  std::uint64_t min_fallback_size = 4 * megabyte;   ///< Bytes; 0: no object is left out.
  std::uint64_t max_patched_size = 128 * megabyte;  ///< Bytes of old and new file together.
  std::uint64_t max_part_size = 32 * megabyte;      ///< Bytes, before compression.
  /// Where the superblock goes, with the parts beside it; empty: into the repository.
  std::string filename;
  /// Signatures over the superblock; may be empty.
  std::function<object::Dict(ByteView)> sign;
  /// Put first into the superblock's metadata.
  object::Dict metadata;
  /// Bytes that applying may take, as a hint to choose encodings by; 0: what is usual.
  std::uint64_t for_memory = 0;
  unsigned threads = 0;  ///< 0: one for each processor.
  /// Bytes that all threads together may take; 0: half of what is free. A single file may need
  /// more.
  std::uint64_t max_memory = 0;
  /// Told on the caller's thread how many of so many steps are done.
  std::function<void(std::size_t done, std::size_t total)> progress;
  CancelToken cancel{};
};

struct GeneratedPart {
  std::size_t objects = 0;
  std::uint64_t size = 0;          ///< Of its file.
  std::uint64_t payload_size = 0;  ///< Decompressed.
};

/// What was made of what.
struct GenerateReport {
  DeltaName name;
  bool existed = false;  ///< Nothing was done.
  std::size_t changed_paths = 0;
  std::size_t metadata = 0;
  std::size_t regular_files = 0;
  std::size_t links = 0;
  std::size_t copied = 0;          ///< Files of which stretches come from old ones.
  std::uint64_t copied_bytes = 0;  ///< That come from there.
  std::size_t patched = 0;         ///< Files that are patches of old ones.
  std::uint64_t loose_size = 0;    ///< Bytes that the objects take in this repository.
  std::vector<Fallback> fallbacks;
  std::vector<GeneratedPart> parts;
  std::uint64_t superblock_size = 0;

  std::uint64_t size() const;  ///< Of all files of the delta.
};

/// Whether there is a delta of this name: in the repository, or at `filename` if that is not empty.
bool exists(const repo::Repo& repo, const DeltaName& name, const std::string& filename);

/// Makes the delta from one commit to another, or from nothing. Takes the repository's shared lock.
/// If it fails, is cancelled or killed, an older delta of the name stays as it was. Throws
/// Error(NotFound) for what either commit lacks, Error(Corrupt) for a damaged object.
GenerateReport generate(const repo::Repo& repo, const std::optional<Checksum>& from,
                        const Checksum& to, const GenerateOptions& options);

}  // namespace xylem::delta
