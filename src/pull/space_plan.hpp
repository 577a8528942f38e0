#pragma once

/// \file
/// What a pull will need, told before content is fetched, and whether there is room for it.

#include <cstdint>
#include <optional>

#include "pull/source/pull_context.hpp"
#include "repo/repo.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// Sums up the files that are to be fetched. Used from the pull's executor.
class SpacePlan {
 public:
  /// `source` is the repository on this machine that is pulled from, null for a server; borrowed,
  /// as is the context.
  SpacePlan(const PullContext& context, const repo::Repo* source);

  void add(const Checksum& file);
  /// Whether there is so much room that content need not wait for the plan.
  bool surely_fits() const;
  PullPlan plan() const;
  /// Throws Error(NoSpace), with what is needed and what there is, if what was added cannot fit.
  /// What is estimated has to be twice too much for that. What deltas tell of themselves counts for
  /// nothing: a pull never fails because of one.
  void require_room() const;

 private:
  /// In bytes.
  struct Weight {
    std::uint64_t fetched = 0;
    std::uint64_t on_disk = 0;
  };
  PullPlan::Basis basis() const;
  std::optional<Weight> weight_of(const Checksum& file) const;
  std::optional<Weight> weight_of_files() const;
  std::optional<Weight> estimate_of_rest() const;
  std::uint64_t in_blocks(std::uint64_t size) const;

  const PullContext& context_;
  const repo::Repo* source_;
  std::uint64_t block_size_;
  std::uint64_t available_;  ///< Before anything was written.
  bool links_ = false;       ///< From the source, which costs no space.
  std::uint64_t files_ = 0;
  std::uint64_t unknown_ = 0;  ///< Of the files, those that nobody tells the size of.
  Weight known_;
  std::uint64_t largest_download_ = 0;  ///< It is on disk beside what comes of it.
};

/// The mean of what some content objects in `repo` take on disk; nullopt if there are too few.
std::optional<std::uint64_t> mean_weight(const repo::Repo& repo);

}  // namespace xylem::pull
