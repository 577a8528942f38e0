#pragma once

#include "delta/apply/delta_file.hpp"
#include "delta/apply/part_executor.hpp"
#include "repo/repo.hpp"
#include "sign/verifier.hpp"

namespace xylem::delta {

struct ApplyOptions {
  /// What the delta must be signed by; without it nothing is verified. Borrowed.
  const sign::Verifier* verifier = nullptr;
  unsigned threads = 0;  ///< 0: one for each processor.
  /// Told on the caller's thread how many of so many parts are applied.
  std::function<void(std::size_t done, std::size_t total)> progress;
  CancelToken cancel{};
};

struct ApplyReport {
  DeltaName name;
  bool was_complete = false;  ///< The commit was here: nothing was done.
  PartOutcome objects;
};

/// Brings the commit of a delta that is in files, and all that it needs, into the repository, in a
/// transaction of its own. No ref is set. The whole tree of the commit is looked at before the
/// commit can be seen. Throws Error(NotFound) if the commit that it starts from is not here, or an
/// object that is to be fetched by itself; Error(SignatureInvalid); Error(Corrupt). If it fails,
/// objects that were made stay for the next one to use, and nothing else.
ApplyReport apply_delta(repo::Repo& repo, const DeltaFile& delta, const ApplyOptions& options);

}  // namespace xylem::delta
