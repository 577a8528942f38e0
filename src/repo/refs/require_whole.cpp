#include "repo/refs/require_whole.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "repo/whole_commit.hpp"

namespace xylem::repo {

using object::ObjectName;
using object::ObjectType;

namespace {

/// "REMOTE REF" of a ref that points to the commit, else "REMOTE COMMIT"; without any idea
/// "REMOTE" stays a word.
std::string what_to_pull(const Repo& repo, const Checksum& commit) {
  for (const auto& [spec, entry] : list_refs(repo, {}, [](const auto&, const auto&) {}))
    if (spec.remote && entry.commit == commit) return fmt::format("{} {}", *spec.remote, spec.ref);
  const auto remotes = repo.remote_names();
  return fmt::format("{} {}", remotes.size() == 1 ? remotes.front() : "REMOTE", commit.hex());
}

std::string how_to_complete(const Repo& repo, const Checksum& commit, CommitState state) try {
  if (state == CommitState::PartialByFsck)
    return fmt::format("`xylem fsck --repo={} --repair` fetches what is missing", repo.path());
  return fmt::format("`xylem pull --repo={} {}` completes it", repo.path(),
                     what_to_pull(repo, commit));
} catch (const Error& error) {
  log_debug("Which pull completes the commit: {}", error.what());
  return "pull it again, as a whole";
}

[[noreturn]] void throw_partial(const Repo& repo, const Checksum& commit, CommitState state) {
  ErrorDetails details;
  details.object = ObjectName{commit, ObjectType::Commit}.text();
  details.path = repo.path();
  details.hint = how_to_complete(repo, commit, state);
  throw Error(ErrorKind::NotFound,
              fmt::format("Commit {} in repository {} is partial: some of its objects are missing",
                          commit.hex(), repo.path()),
              std::move(details));
}

bool is_whole_below(const Repo& repo, const Checksum& tree, const Checksum& meta) {
  object::Commit part;
  part.root_tree = tree;
  part.root_meta = meta;
  return has_all_below(repo, part);
}

}  // namespace

void require_whole(const Repo& repo, const Checksum& commit) {
  repo.load_commit(commit);
  const CommitState state = commit_state(repo, commit);
  if (state != CommitState::Complete) throw_partial(repo, commit, state);
}

void require_whole_below(const Repo& repo, const Checksum& commit, const Checksum& tree,
                         const Checksum& meta) {
  const CommitState state = commit_state(repo, commit);
  if (state == CommitState::Complete || is_whole_below(repo, tree, meta)) return;
  throw_partial(repo, commit, state);
}

}  // namespace xylem::repo
