#pragma once

/// \file
/// Summaries that were fetched and verified before, as libostree keeps them: below `summaries/` of
/// the cache directory, `<remote>` and `<remote>.sig`, each with its ETag in the extended attribute
/// `user.etag` and its Last-Modified as modification time. Ours are `user.xylem.url`: where it came
/// from, so that a remote whose URL was changed is asked afresh; and `user.xylem.sha256`: what
/// content the validators are of, so that nothing else is taken for it after a "not modified".

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/os/fd.hpp"
#include "fetcher/request/request.hpp"

namespace xylem::pull {

enum class SummaryPart { Summary, Signature };

struct CachedFile {
  Bytes bytes;
  fetcher::Validators validators;
};

/// Blocking; any thread. It is an optimisation: what cannot be read is not there, and what cannot
/// be written is only logged.
class SummaryCache {
 public:
  /// `dir` is the cache directory (`tmp/cache` of the repository, or --cache-dir), which may be
  /// invalid: then nothing is cached. `url` is where the remote is, without credentials.
  SummaryCache(UniqueFd dir, std::string remote, std::string url, bool fsync);

  std::optional<CachedFile> load(SummaryPart part) const;
  /// Replaces both files; a missing signature removes that of before. Only for what was verified.
  void store(const CachedFile& summary, const std::optional<CachedFile>& signature) const;

 private:
  std::string name(SummaryPart part) const;
  UniqueFd open_summaries() const;
  void write(const PathAt& path, const CachedFile& file) const;

  UniqueFd dir_;
  std::string remote_;
  std::string url_;
  bool fsync_;
};

}  // namespace xylem::pull
