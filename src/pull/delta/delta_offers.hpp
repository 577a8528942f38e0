#pragma once

/// \file
/// Which deltas a source has to a commit.

#include <vector>

#include "pull/delta/delta_files.hpp"
#include "pull/remote/ref_index.hpp"

namespace xylem::pull {

/// Asks the summary, the index of the commit, or guesses: in this order, as libostree does.
class DeltaOffers {
 public:
  /// Borrows both.
  DeltaOffers(DeltaFiles& files, RefIndex& index) : files_(files), index_(index) {}

  /// What is known without asking for single commits; once, before to(). `loads_summary`: the
  /// summary may be fetched for it, because commits are wanted that no ref led to.
  asio::awaitable<void> prepare(bool loads_summary);
  /// Whether the source lists deltas at all.
  bool lists_any() const { return has_indexes_ || !listed_.empty(); }

  /// Those to `commit`; `here` is a commit that is likely to be the source of one. Several may be
  /// asked for at once.
  asio::awaitable<std::vector<DeltaOffer>> to(Checksum commit, std::optional<Checksum> here);

 private:
  asio::awaitable<std::vector<DeltaOffer>> read_index(Checksum commit);

  DeltaFiles& files_;
  RefIndex& index_;
  bool has_indexes_ = false;
  std::vector<DeltaOffer> listed_;
};

/// Of these those to `commit`. One of `later` counts instead of one of the same name in `listed`.
/// Pure.
std::vector<DeltaOffer> offers_to(const Checksum& commit, const std::vector<DeltaOffer>& listed,
                                  const std::vector<DeltaOffer>& later);

}  // namespace xylem::pull
