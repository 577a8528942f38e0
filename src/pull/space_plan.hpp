#pragma once

/// \file
/// What a pull will need, told before content is fetched, and whether there is room for it.

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pull/source/pull_context.hpp"
#include "repo/disk/inode_trust.hpp"
#include "repo/repo.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Sums up the files that are to be fetched. Used from the pull's executor.
class SpacePlan {
 public:
  /// `source` is the repository on this machine that is pulled from, null for a server; borrowed,
  /// as is the context. `is_shown` if somebody will read the plan: then no file is passed over
  /// because there is plenty of room.
  SpacePlan(const PullContext& context, const repo::Repo* source, bool is_shown);

  void add(const Checksum& file);
  /// Whether there is so much room that content need not wait for the plan.
  bool surely_fits() const;
  PullPlan plan() const;
  /// Throws Error(NoSpace), with what is needed and what there is, if what was added cannot fit.
  /// What is estimated has to be twice too much for that, and so does what deltas tell of
  /// themselves.
  void require_room() const;
  /// The same for the content of a delta that is not in the counters yet. Who catches it goes on
  /// without the delta.
  void require_room_for_delta(std::uint64_t content) const;

 private:
  /// In bytes.
  struct Weight {
    std::uint64_t fetched = 0;
    std::uint64_t on_disk = 0;
  };
  PullPlan::Basis basis() const;
  std::optional<Weight> weight_of(const Checksum& file) const;
  std::optional<Weight> weight_in_source(const object::ObjectName& file) const;
  bool is_linked(const struct stat& file) const;
  std::uint64_t likely_delta_weight(std::uint64_t content) const;
  std::optional<Weight> weight_of_files() const;
  std::optional<Weight> estimate_of_rest() const;
  bool keeps_archived() const;
  [[noreturn]] void throw_no_room(std::uint64_t needed, const std::string& what,
                                  std::string_view basis) const;
  std::uint64_t in_blocks(std::uint64_t size) const;

  const PullContext& context_;
  const repo::Repo* source_;
  std::uint64_t block_size_;
  std::uint64_t available_;  ///< Before anything was written.
  bool is_shown_;
  /// Whose files may be linked from the source, which costs no space; none if its mode differs.
  std::optional<repo::Keepers> keepers_;
  dev_t device_ = 0;
  std::uint64_t files_ = 0;
  std::uint64_t unknown_ = 0;  ///< Of the files, those that nobody tells the size of.
  Weight known_;
  std::uint64_t largest_download_ = 0;  ///< It is on disk beside what comes of it.
};

/// The mean of what some content objects in `repo` take on disk; nullopt if there are too few.
std::optional<std::uint64_t> mean_weight(const repo::Repo& repo);

}  // namespace xylem::pull
