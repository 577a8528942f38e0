#pragma once

/// \file
/// A server's `summary` and `summary.sig`, as one unit: what is known is asked for conditionally,
/// what does not fit together is fetched again past caches and from other mirrors, and only what
/// was verified is kept.

#include "pull/remote/remote_files.hpp"
#include "pull/remote/summary_cache.hpp"
#include "repo/refs/summary_file.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

/// Throws Error(SignatureInvalid) unless the signature is good for the summary; the signature is
/// null if the server has none.
using SummaryCheck = std::function<void(const Bytes& summary, const Bytes* signature)>;

struct SummaryRules {
  SummaryCheck check;           ///< Empty: no signature is wanted.
  bool wants_signature = true;  ///< Fetch it, be it for the check or for a mirror's copy.
  /// What the caller has: nobody is asked then.
  std::optional<repo::SummaryFiles> given{};
};

/// Used by one coroutine at a time. `files` is borrowed.
class SummaryFetch {
 public:
  SummaryFetch(RemoteFiles& files, SummaryCache cache, SummaryRules rules);

  /// nullopt if the server has no summary. Throws Error(Corrupt) for what is no summary, or not the
  /// one that a metalink names; what the check throws; what Fetcher::fetch throws.
  asio::awaitable<std::optional<repo::SummaryFiles>> run();

 private:
  /// A file as the server has it now.
  struct Fresh {
    CachedFile file;
    bool changed = true;  ///< It is not the one in the cache.
    std::string mirror;   ///< That sent it; empty if nobody was asked.
    std::string story;    ///< What the answer said that may explain bad bytes.
  };
  struct Round {
    std::optional<Fresh> summary;
    std::optional<Fresh> signature;
  };

  asio::awaitable<Round> fetch_both(bool no_cache);
  asio::awaitable<std::optional<Fresh>> fetch_part(SummaryPart part,
                                                   std::optional<CachedFile> known, bool no_cache);
  Round given_round();
  static repo::SummaryFiles files_of(Round round);
  std::optional<Error> problem_with(const Round& round) const;
  static bool is_news(const Round& round, const Round& before);
  Error explained(Error error, const Round& round) const;
  void keep(const Round& round) const;

  RemoteFiles& files_;
  SummaryCache cache_;
  SummaryRules rules_;
  std::vector<std::string> avoid_;
};

}  // namespace xylem::pull
