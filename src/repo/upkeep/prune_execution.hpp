#pragma once

/// \file
/// Takes away what a plan names, in the order that prune.hpp tells.

#include <span>

#include "base/error_list.hpp"
#include "repo/upkeep/prune_plan.hpp"
#include "repo/upkeep/trash.hpp"

namespace xylem::repo {

/// Needs the exclusive repository lock until run() has returned. All references are borrowed.
class PruneExecution {
 public:
  PruneExecution(Repo& repo, const PrunePlan& plan, const CancelToken& cancel);

  /// Goes on past what cannot be removed. Throws Error(Cancelled) between two steps, and Error(Io)
  /// if a commit can be neither removed nor marked: nothing that it needs is gone then.
  void run();

  /// To be emptied when the lock has been let go.
  Trash& trash() { return trash_; }
  ErrorList take_failures() { return std::move(failures_); }
  std::uint64_t deltas_removed() const { return deltas_removed_; }

 private:
  bool take(const PathAt& path);
  bool remove(const object::ObjectName& name);
  void write_tombstones();
  void remove_commits();
  void sync_removal(const std::vector<Checksum>& removed) const;
  void remove_what_belongs_to_commits();
  void remove_objects();
  bool remove_directory(std::span<const object::ObjectName> names);
  void remove_deltas();
  void remove_summaries();

  Repo& repo_;
  const PrunePlan& plan_;
  const CancelToken& cancel_;
  Trash trash_;
  ErrorList failures_;
  std::uint64_t deltas_removed_ = 0;
};

}  // namespace xylem::repo
