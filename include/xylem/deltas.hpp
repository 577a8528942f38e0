#pragma once

/// \file
/// Options and results of making, verifying and applying static deltas.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "xylem/error.hpp"

namespace xylem {

/// How a delta is made; the defaults are those of `xylem static-delta generate`. Sizes are bytes.
struct DeltaOptions {
  std::string to;                   ///< A ref or a commit.
  std::optional<std::string> from;  ///< Likewise; by default the parent of `to`.
  bool from_scratch = false;        ///< The delta needs no commit; then `from` must not be set.
  bool inline_parts = false;        ///< One file.
  bool if_not_exists = false;       ///< Leave a delta of this name as it is.
  bool disable_bsdiff = false;      ///< Copy from old files only, and make no patches of them.
  bool big_endian = false;          ///< How numbers are written. Clients read both.
  std::uint64_t min_fallback_size = 4'000'000;  ///< 0: no object is left out.
  std::uint64_t max_bsdiff_size = 128'000'000;  ///< Of old and new version together.
  std::uint64_t max_chunk_size = 32'000'000;    ///< Of a part, before compression.
  std::uint64_t for_memory = 0;                 ///< That applying may take; 0: any.
  /// Where the superblock goes, with the parts beside it; empty: into the repository.
  std::string filename;
  std::vector<std::string> secret_keys;  ///< Base64; the superblock is signed with each of them.
  std::string sign_type = "ed25519";
  unsigned jobs = 0;             ///< Threads; 0: one for each processor.
  std::uint64_t max_memory = 0;  ///< For all threads; 0: half of what is free.
  /// Called on the caller's thread with the number of steps done, and of all.
  std::function<void(std::size_t, std::size_t)> progress;
};

struct DeltaResult {
  std::string delta;             ///< "FROM-TO" or "TO".
  bool existed = false;          ///< Nothing was done.
  std::uint64_t size = 0;        ///< Of all its files.
  std::uint64_t loose_size = 0;  ///< That its objects take in this repository.
  std::uint64_t copied_files = 0;
  std::uint64_t patched_files = 0;
  std::vector<std::string> fallbacks;  ///< Objects that are left out.
  std::vector<std::uint64_t> part_sizes;
};

/// Public keys that verify deltas.
struct DeltaKeys {
  std::vector<std::string> keys;  ///< Base64.
  std::string sign_type = "ed25519";
  std::optional<std::string> keys_file;
  bool empty() const { return keys.empty() && !keys_file; }
};

struct DeltaApplied {
  std::string commit;
  bool was_complete = false;  ///< The commit was here: nothing was done.
  std::uint64_t objects_made = 0;
  std::uint64_t objects_present = 0;
};

}  // namespace xylem
