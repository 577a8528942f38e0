#include "repo/partial.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/disk/repo_dirs.hpp"
#include "repo/repo.hpp"
#include "xylem/error.hpp"

namespace xylem::repo {

namespace {

/// Content of a marker that fsck made.
constexpr std::uint8_t by_fsck = 'f';

UniqueFd open_state(const Repo& repo) {
  return os::try_open_dir({repo.dir(), layout::state});
}

/// A marker holds one byte at most, and is never waited for, nor looked for elsewhere.
UniqueFd open_marker(const Repo& repo, const Checksum& commit) try {
  return os::open_beneath({repo.dir(), layout::partial_marker(commit)}, O_RDONLY | O_NONBLOCK);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason == ENOENT || reason == ENOTDIR) return {};
  throw;
}

CommitState read_marker(const Repo& repo, const Checksum& commit) {
  const auto info = os::try_stat({repo.dir(), layout::partial_marker(commit)});
  if (info && !S_ISREG(info->st_mode)) throw Error(ErrorKind::Corrupt, "it must be a regular file");
  Bytes first(1);
  const UniqueFd marker = open_marker(repo, commit);
  if (!marker.valid()) return CommitState::Partial;
  const bool has_byte = os::read_at(marker, first, 0) == 1;
  return has_byte && first[0] == by_fsck ? CommitState::PartialByFsck : CommitState::Partial;
}

/// What is no regular file, or cannot be read, marks the commit all the same: libostree only asks
/// whether there is something.
CommitState state_of(const Repo& repo, const Checksum& commit) try {
  return read_marker(repo, commit);
} catch (const Error& error) {
  log_warning("The marker of partial commit {} cannot be read: {}", commit.hex(), error.what());
  return CommitState::Partial;
}

}  // namespace

CommitState commit_state(const Repo& repo, const Checksum& commit) {
  if (!os::exists({repo.dir(), layout::partial_marker(commit)})) {
    // A parent's commit has its marker there.
    const bool inherited =
        repo.parent() != nullptr && !repo.store().has({commit, object::ObjectType::Commit});
    return inherited ? commit_state(*repo.parent(), commit) : CommitState::Complete;
  }
  return state_of(repo, commit);
}

bool is_complete(const Repo& repo, const Checksum& commit) {
  return repo.has({commit, object::ObjectType::Commit}) &&
         commit_state(repo, commit) == CommitState::Complete;
}

void mark_partial(Repo& repo, const Checksum& commit, CommitState why, bool fsync) {
  if (make_repo_dir({repo.dir(), layout::state}) && fsync) os::fsync(repo.dir());
  const PathAt path{repo.dir(), layout::partial_marker(commit)};
  // An existing marker keeps what it says, as in libostree.
  if (!os::exists(path)) {
    const UniqueFd marker = os::open(path, O_WRONLY | O_CREAT, 0644);
    if (why == CommitState::PartialByFsck) os::write_all(marker, ByteView(&by_fsck, 1));
    if (fsync) os::fsync(marker);
  }
  if (fsync) os::fsync(open_state(repo));
}

void unmark_partial(Repo& repo, const Checksum& commit) {
  remove_tree({repo.dir(), layout::partial_marker(commit)});
}

std::vector<Checksum> list_partial(const Repo& repo) {
  std::vector<Checksum> commits;
  const UniqueFd state = open_state(repo);
  if (!state.valid()) return commits;
  for (const DirEntry& entry : list_directory(state))
    if (const auto commit = layout::parse_partial_marker(entry.name)) commits.push_back(*commit);
  return commits;
}

std::map<Checksum, Error> bad_markers(const Repo& repo) {
  std::map<Checksum, Error> bad;
  for (const Checksum& commit : list_partial(repo)) {
    try {
      read_marker(repo, commit);
    } catch (Error& error) {
      error.prefix("The marker of partial commit " + commit.hex() + " cannot be read");
      bad.emplace(commit, Error(ErrorKind::Corrupt, error.what(), error.details()));
    }
  }
  return bad;
}

std::vector<Checksum> list_broken(const Repo& repo) {
  std::vector<Checksum> commits = list_partial(repo);
  std::erase_if(commits, [&](const Checksum& commit) {
    return commit_state(repo, commit) != CommitState::PartialByFsck;
  });
  std::ranges::sort(commits);
  return commits;
}

}  // namespace xylem::repo
