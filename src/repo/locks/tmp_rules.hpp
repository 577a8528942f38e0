#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

namespace xylem::repo {

/// What in tmp/ nobody needs any more, provided that nobody has it locked. Pure.
struct TmpRules {
  std::string own_staging_prefix;  ///< "staging-<boot id>-".
  std::time_t now = 0;
  std::chrono::seconds expiry{};

  /// What is never removed: the cache.
  bool is_kept(std::string_view name) const;
  /// What is named as a staging directory of another boot, which may not have reached the disk;
  /// staged deletions; and whatever is older than `expiry`. A time in the future is no age.
  bool is_unneeded(std::string_view name, bool is_dir, std::time_t modified) const;
  bool is_expired(std::time_t modified) const;
  /// The lock file of a temporary directory of ours or libostree's. Such a file is made before, or
  /// with, its directory and held from then on: one that is alone and free is of no use.
  static bool is_lock_of_tmpdir(std::string_view name);
  /// Such a directory, by its name.
  static bool is_tmpdir(std::string_view name);
};

}  // namespace xylem::repo
