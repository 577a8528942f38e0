#include "repo/upkeep/leftovers.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/log.hpp"
#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/tmpdir.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"

namespace xylem::repo {

namespace {

bool is_staging(const DirEntry& entry) {
  return entry.type == DT_DIR && entry.name.starts_with(layout::any_staging_prefix);
}

/// nullopt if any ref cannot be read.
std::optional<std::set<Checksum>> commits_with_refs(const Repo& repo) {
  bool unreadable = false;
  std::set<Checksum> commits;
  const auto note = [&](const auto&, const Error&) { unreadable = true; };
  for (const auto& [spec, entry] : list_refs(repo, {}, note)) commits.insert(entry.commit);
  for (const auto& [ref, commit] : list_mirrored_refs(repo, note)) commits.insert(commit);
  return unreadable ? std::nullopt : std::make_optional(std::move(commits));
}

/// Goes down into directories, but not through symlinks.
void remove_temporaries(const PathAt& path, bool deep, ErrorList& failures) {
  const UniqueFd dir = os::try_open(path, O_RDONLY | O_DIRECTORY);
  if (!dir.valid()) return;
  for (const DirEntry& entry : list_directory(dir)) {
    if (entry.type == DT_DIR && deep)
      failures.attempt([&] { remove_temporaries({dir, entry.name}, deep, failures); });
    else if (entry.type != DT_DIR && entry.name.starts_with(layout::half_written_prefix))
      failures.attempt([&] { os::unlink({dir, entry.name}); });
  }
}

/// That of another user is theirs to remove.
void remove_if_idle(const PathAt& dir) try {
  const TmpDirLock lock = TmpDirLock::try_acquire(dir);
  if (lock.held()) remove_tree(dir);
} catch (const Error& error) {
  const int reason = error.details().system_errno;
  if (reason != EACCES && reason != EPERM) throw;
  log_info("It stays for its owner: {}", error.what());
}

}  // namespace

ErrorList remove_idle_staging(Repo& repo, const RepoLock& /*held*/) {
  ErrorList failures;
  if (!repo.tmp().valid()) return failures;
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (is_staging(entry)) failures.attempt([&] { remove_if_idle({repo.tmp(), entry.name}); });
  return failures;
}

std::vector<Checksum> markers_of_nothing(const Repo& repo) {
  std::vector<Checksum> marked = list_partial(repo);
  std::erase_if(marked, [&](const Checksum& commit) {
    return repo.has({commit, object::ObjectType::Commit});
  });
  if (marked.empty()) return marked;
  const auto wanted = commits_with_refs(repo);
  if (!wanted) return {};
  std::erase_if(marked, [&](const Checksum& commit) { return wanted->contains(commit); });
  return marked;
}

std::vector<Checksum> broken_commits(const Repo& repo) {
  std::vector<Checksum> broken = list_broken(repo);
  if (broken.empty()) return broken;
  const std::vector<Checksum> nothing = markers_of_nothing(repo);
  std::erase_if(broken, [&](const Checksum& commit) {
    return std::ranges::find(nothing, commit) != nothing.end();
  });
  return broken;
}

ErrorList remove_markers_of_nothing(Repo& repo, const RepoLock& /*held*/) {
  ErrorList failures;
  for (const Checksum& commit : markers_of_nothing(repo))
    failures.attempt([&] { unmark_partial(repo, commit); });
  return failures;
}

ErrorList remove_half_written(Repo& repo) {
  ErrorList failures;
  failures.attempt([&] {
    const EditLock refs = repo.edit_lock(Edited::Refs);
    remove_temporaries({repo.dir(), layout::refs_heads}, true, failures);
    remove_temporaries({repo.dir(), layout::refs_remotes}, true, failures);
    remove_temporaries({repo.dir(), layout::refs_mirrors}, true, failures);
  });
  failures.attempt([&] {
    const EditLock summary = repo.edit_lock(Edited::Summary);
    const EditLock config = repo.edit_lock(Edited::Config);
    remove_temporaries({repo.dir(), "."}, false, failures);
  });
  return failures;
}

}  // namespace xylem::repo
