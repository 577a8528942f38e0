#pragma once

/// \file
/// Changes owner and mode of what is committed, and leaves things out.

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "repo/disk/mode.hpp"
#include "tree/commit_request.hpp"

namespace xylem::tree {

/// What a filter may change.
struct Ownership {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t mode = 0;  ///< With its type bits.
  bool operator==(const Ownership&) const = default;
};

/// Applies a CommitModifier. Each path of its lists works once: in the first tree that has it.
class CommitFilter {
 public:
  /// A bare-user-only repository has canonical permissions always.
  CommitFilter(const CommitModifier& modifier, repo::Mode mode);

  /// Whether anything may be changed or left out at all.
  bool active() const { return active_; }
  bool keeps_xattrs() const { return keeps_xattrs_; }
  /// False if `path` ("/" or "/usr/bin") is to be left out.
  bool apply(const std::string& path, Ownership& ownership);
  /// Throws Error(InvalidArgument) that names the paths of the lists that never came up.
  void check_all_used() const;

 private:
  void apply_options(const std::string& path, Ownership& ownership);

  const CommitModifier& modifier_;
  bool canonical_ = false;
  bool keeps_xattrs_ = true;
  bool active_ = false;
  std::map<std::string, std::uint32_t> unused_mode_adds_;
  std::set<std::string> unused_skip_paths_;
};

}  // namespace xylem::tree
