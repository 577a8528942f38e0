#pragma once

/// \file
/// The one way to change refs: under the lock on them, each with a look at what it is now, and all
/// or none.

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "repo/locks/edit_lock.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"

namespace xylem::repo {

struct AliasOf {
  std::string ref;  ///< A local one, which must exist.
};

/// What a ref shall be: gone, a commit, or an alias.
using RefValue = std::variant<std::monostate, Checksum, AliasOf>;

/// Called with what the ref is now, in the repository or a parent; throws if that is not as
/// expected.
using RefCheck = std::function<void(const std::optional<Checksum>& now)>;

struct RefChange {
  AnyRef ref;
  RefValue value;
  RefCheck check;  ///< May be empty: whatever it is now.
};

/// Holds the lock on refs, so that what is read of them meanwhile stays as it is, and the shared
/// repository lock, so that commits stay. libostree takes no lock when it writes a ref. For one
/// thread.
class RefEditor {
 public:
  /// Finishes what a killed process has begun. Throws Error(Locked), Error(Cancelled), Error(Io).
  explicit RefEditor(Repo& repo, const CancelToken& cancel = {});
  /// For a caller that holds the repository lock, shared or not, and goes on to hold it.
  RefEditor(Repo& repo, const RepoLock& held, const CancelToken& cancel = {});

  /// Checks all changes, then makes all of them, or none and throws: what a check throws,
  /// Error(InvalidArgument) for a name that looks like a checksum and when one ref's name is a
  /// directory of another's, Error(Io). Several changes at once survive a crash as all or none,
  /// too: see ref_journal.hpp. The caller has made sure that invariant 3 holds.
  void apply(const std::vector<RefChange>& changes, bool fsync = true);

 private:
  Repo& repo_;
  RepoLock beside_;
  EditLock lock_;
};

/// Who changed a ref last, and when, as far as its file tells: "user 0 at 2026-11-30 12:00:00 UTC".
std::optional<std::string> last_change(const Repo& repo, const AnyRef& ref);

/// Finishes or undoes what a killed process has begun, if nobody is at it just now and this process
/// may write. Costs one look at a name if there is nothing. What lists refs waits here for those
/// who are at it.
void settle_refs(const Repo& repo);
/// As above, without waiting.
void settle_refs_if_left(const Repo& repo);

/// Tells whether several refs have been changed since it was made: a list that was made meanwhile
/// may show half of it.
class RefsGuard {
 public:
  /// Settles them first.
  explicit RefsGuard(const Repo& repo);
  bool changed() const;

 private:
  const Repo& repo_;
  std::optional<struct timespec> seen_;
};

/// Calls `list` until nobody changes several refs meanwhile, or for the fourth time.
template <typename List>
auto list_settled(const Repo& repo, List&& list) {
  constexpr int most_attempts = 4;
  for (int attempt = 1;; ++attempt) {
    const RefsGuard guard(repo);
    auto result = list();
    if (attempt == most_attempts || !guard.changed()) return result;
  }
}

}  // namespace xylem::repo
