#pragma once

#include <memory>
#include <vector>

#include "pull/source/source_factory.hpp"
#include "pull/space_plan.hpp"
#include "task/dispatcher.hpp"

namespace xylem::pull {

/// The files of a pull on their way: summed up as they are found, and fetched once it is known that
/// they fit. Where there is plenty of room that is at once. Used from the pull's executor. Borrows
/// the context and the source.
class ContentQueue {
 public:
  /// A dry run fetches nothing.
  ContentQueue(PullContext& context, OpenSource& origin, bool dry_run);

  /// A file that is not here.
  void want(const Checksum& file);
  /// All trees that are known have been walked: fetches what had to wait. Throws Error(NoSpace).
  void begin();
  /// Throws Error(NoSpace) if the content of a delta does not fit beside what is planned.
  void require_room_for_delta(std::uint64_t content) const {
    if (!dry_run_) plan_.require_room_for_delta(content);
  }
  /// One that was planned before, and is lost.
  void fetch_again(const Checksum& file) { fetches_.push(file); }
  PullPlan plan() const { return plan_.plan(); }

 private:
  PullContext& context_;
  bool dry_run_;
  SpacePlan plan_;
  std::vector<Checksum> held_;
  Dispatcher<Checksum> fetches_;
};

}  // namespace xylem::pull
