#pragma once

/// \file
/// Every state in which a power cut may leave the tree of a recording, by two models of a file
/// system. Both keep what was synced, and rename atomically. They differ in what they promise for
/// the rest:
///
/// - *Journal* (ext4 with data=ordered, XFS): changes of names and attributes go through one
///   journal. It survives as a prefix, at least up to the last change of whatever was synced.
/// - *Loose* (no order but what was asked for; btrfs comes closest): of the changes that were not
///   synced, any subset survives. A name survives by a sync of its directory, an attribute by a
///   sync of the file, and both by a sync of the file system; a sync of a file does not save its
///   name.
///
/// In both, data that was not synced is lost, zeros, cut in half, or there, for each file on its
/// own, whatever became of its name. That is weaker than ext4 promises, and what XFS has done.
///
/// A set of changes that no sync separates is enumerated so: all subsets of those that can be seen
/// outside of `tmp/` if there are at most `exhaustive_bits`, otherwise all prefixes, all suffixes,
/// each one alone, each one missing, each pair missing, and `samples` random subsets. What happens
/// within `tmp/` survives as a whole, or not at all, or but for one, or alone; all of its prefixes
/// are states of the journal. Data of files: all the same, and each one other than the rest.

#include <cstdint>
#include <functional>
#include <string>

#include "crash/recording.hpp"

namespace xylem::test {

struct PowerCutOptions {
  unsigned exhaustive_bits = 10;
  unsigned samples = 64;
  std::uint64_t seed = 0;
  /// Cuts before this step are left out: an earlier recording had them.
  std::size_t first_step = 0;
};

/// Told of each state, which may be the same as an earlier one, and how it came about.
using StateVisitor = std::function<void(const DiskImage&, const std::string& how)>;

void for_each_journal_state(const Recording& recording, const PowerCutOptions& options,
                            const StateVisitor& visit);
void for_each_loose_state(const Recording& recording, const PowerCutOptions& options,
                          const StateVisitor& visit);

}  // namespace xylem::test
