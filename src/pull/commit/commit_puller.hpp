#pragma once

/// \file
/// Room `pull/commit`: commits and their trees: fetched, checked, walked. Knows nothing of whether
/// objects come from a server or a directory.
///
/// Commits and their parents: signatures, binding and age are checked on the bytes that came; only
/// then is the commit marked partial, stored, and its tree walked. Commits that are here already
/// are checked beside that: it is the end of the group that tells whether all are good.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "object/commit.hpp"
#include "pull/commit/commit_checks.hpp"
#include "pull/commit/commit_slots.hpp"
#include "pull/commit/scanner.hpp"
#include "pull/delta/delta_puller.hpp"
#include "repo/partial.hpp"
#include "sign/requirement.hpp"

namespace xylem::pull {

/// A commit that is to be pulled.
struct Target {
  Checksum commit;
  std::optional<std::string> ref;
  std::optional<std::uint64_t> commit_size;  ///< At most; from the summary.
  /// Who must have signed it and its parents; null is as the settings say. Borrowed.
  const sign::Requirement* signatures = nullptr;
  /// It may not be older than these.
  std::vector<TimestampFloor> floors;
  /// What the ref has now: much of it may be in the commit, too.
  std::optional<Checksum> predecessor;
  bool is_parent = false;  ///< Of a commit that was asked for.
  /// Targets of other refs with the same commit: it is fetched once, and checked for each.
  std::vector<Target> other_refs{};
};

class CommitPuller {
 public:
  struct Settings {
    int depth = 0;
    bool commit_only = false;
    bool verify_bindings = true;
    bool everything = true;  ///< No subpath: the commit will be complete.
    std::optional<std::string> collection_id;
    std::uint64_t max_metadata_size = object::default_max_metadata_size;
    sign::Requirement signatures;  ///< Who must have signed the commits.
    /// How the source answers for what it does not have.
    std::string absence = "the repository does not have it";
    /// Told what became of each signature, on the pull's executor. May be empty.
    std::function<void(const Checksum& commit, const sign::Report&)> on_signatures{};
  };

  /// Both may be null.
  struct Helpers {
    CommitSlots* slots = nullptr;   ///< Without them this pull leaves no commit to others.
    DeltaPuller* deltas = nullptr;  ///< Without it, objects are only fetched one by one.
  };

  /// All references are borrowed.
  CommitPuller(const PullContext& context, ObjectSource& source, Scanner& scanner,
               Settings settings, Helpers helpers);

  /// Pulls the commits, and their parents as deep as wanted, in tasks of the group; each commit
  /// once, whoever shares it. What the new commits tell of sizes is added to those of the context.
  /// To be called once.
  void push(std::vector<Target> targets);

 private:
  /// A commit, and who must have signed it.
  using Visit = std::pair<Checksum, const sign::Requirement*>;

  bool begin(const Visit& visit, int depth);
  asio::awaitable<void> pull(Target target);
  asio::awaitable<object::Commit> pull_one(const Target& target);
  asio::awaitable<std::optional<object::Commit>> try_pull_parent(const Target& child,
                                                                 Checksum parent);
  asio::awaitable<object::Commit> refresh_later(const Target& target);
  asio::awaitable<void> refresh(Target target);
  /// A commit that has come, and the deltas that may bring its objects.
  struct Arrival {
    Bytes bytes;
    std::optional<Bytes> detached;
    std::vector<DeltaOffer> offers;
    std::optional<std::vector<LoadedDelta>> deltas;  ///< Loaded only if one had to give the commit.
  };
  asio::awaitable<Arrival> await_commit(const Target& target);
  asio::awaitable<std::vector<DeltaOffer>> offers_for(Target target);
  asio::awaitable<bool> bring_by_delta(const Target& target, Arrival arrival);
  asio::awaitable<std::optional<Bytes>> obtain(const Target& target);
  asio::awaitable<std::optional<Bytes>> fetch_detached(const Target& target);
  asio::awaitable<object::Commit> accept(const Target& target, const Bytes& bytes,
                                         const std::optional<Bytes>& detached);
  asio::awaitable<void> verify(const Target& target, const Bytes& bytes,
                               const std::optional<Bytes>& detached);
  void store(const Checksum& commit, const Bytes& bytes);
  asio::awaitable<void> store_detached(const Checksum& commit,
                                       const std::optional<Bytes>& detached);
  const sign::Requirement& signatures_for(const Target& target) const;
  bool needs_signatures(const Target& target) const;
  void check_signatures(const Target& target, ByteView bytes, const std::optional<Bytes>& detached,
                        std::vector<sign::Report>& seen);
  void check(const object::Commit& commit, const Target& target) const;
  bool is_complete(const Checksum& commit) const;
  std::optional<Checksum> base_tree(const Target& target, const object::Commit& commit) const;
  std::optional<Checksum> tree_of_complete(const std::optional<Checksum>& commit) const;
  asio::awaitable<bool> is_left_to_others(Checksum commit);

  PullContext context_;
  ObjectSource& source_;
  Scanner& scanner_;
  Settings settings_;
  Helpers helpers_;
  std::map<Visit, int> begun_;  ///< How many parents further back each goes.
  Dispatcher<Target> targets_;
  Dispatcher<Target> refreshes_;  ///< Commits that are here.
};

}  // namespace xylem::pull
