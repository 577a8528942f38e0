#pragma once

/// \file
/// Room `repo/config`: `config`, remotes and their files. Knows nothing of objects, refs,
/// transactions.
///
/// What `config` says about the repository itself.

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "repo/config/key_file.hpp"
#include "repo/disk/mode.hpp"

namespace xylem::repo {

/// `core.min-free-space-percent` or `-size`; the size wins when both are set.
struct MinFreeSpace {
  std::uint64_t percent = 3;  ///< 0..99, of all blocks.
  std::optional<std::uint64_t> bytes;
};

/// Parsed `[core]` and `[archive]`, with libostree's defaults.
struct Config {
  Mode mode = Mode::Bare;
  std::optional<std::string> parent;  ///< Path of the read-only repository below this one.
  std::optional<std::string> collection_id;
  bool fsync = true;
  bool per_object_fsync = false;
  bool locking = true;
  /// How long to wait for the repository lock; nullopt waits for ever.
  std::optional<std::chrono::seconds> lock_timeout = std::chrono::seconds(300);
  std::chrono::seconds tmp_expiry = std::chrono::hours(24);
  MinFreeSpace min_free_space;
  int zlib_level = 6;  ///< 1..9.
  bool disable_xattrs = false;
  bool auto_update_summary = false;
  bool add_remotes_config_dir = false;
  bool tombstone_commits = false;
  bool no_deltas_in_summary = false;
  /// Payload links to files of this many bytes and more are kept.
  std::uint64_t payload_link_threshold = ~std::uint64_t{0};
};

/// Throws Error(InvalidArgument) that names the key for a value that libostree refuses too:
/// an unknown mode, repo_version other than 1, a size that is not `<number>(M|G|T)B`.
Config parse_config(const KeyFile& file);

/// "10GB" → bytes, in powers of two.
std::uint64_t parse_space_size(std::string_view text);

}  // namespace xylem::repo
