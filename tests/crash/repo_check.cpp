#include "crash/repo_check.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "base/os/directory.hpp"
#include "pull/session.hpp"
#include "repo/disk/layout.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/upkeep/fsck.hpp"
#include "repo/upkeep/traverse.hpp"
#include "support/process.hpp"

namespace xylem::test {

namespace {

/// Refs may not even point at commits that are known to be incomplete.
std::string find_incomplete_ref(const repo::Repo& repo) {
  for (const auto& [spec, entry] : repo::list_refs(repo)) {
    object::ObjectSet needed;
    repo::traverse_commit(repo, entry.commit, needed);
    for (const object::ObjectName& name : needed)
      if (!repo.has(name))
        return fmt::format("ref {} needs {}, which is missing", spec.text(), name.text());
  }
  return {};
}

std::string run_fsck(const std::string& path) {
  repo::Repo repo = repo::Repo::open(path);
  repo::FsckOptions options;
  options.threads = 1;
  const repo::FsckReport report = repo::fsck(repo, options);
  if (!report.clean()) return report.problems.front().message;
  return find_incomplete_ref(repo);
}

/// A lock whose directory is gone is known to be nobody's only by its age, and so is a download of
/// what turned out to be there already.
bool may_stay(const DirEntry& entry) {
  return entry.name == "cache" || entry.name.ends_with(repo::layout::lock_suffix) ||
         entry.name.starts_with(repo::layout::fetch_prefix);
}

std::string find_left_overs(const std::string& path, LeftOvers allowed) {
  const repo::Repo repo = repo::Repo::open(path);
  if (!repo::list_partial(repo).empty()) return "a commit is marked partial";
  if (allowed == LeftOvers::Spare) return {};
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (!may_stay(entry)) return "left over: tmp/" + entry.name;
  return {};
}

}  // namespace

std::string find_damage(const std::string& path, bool ostree) {
  try {
    if (const std::string problem = run_fsck(path); !problem.empty()) return "fsck: " + problem;
  } catch (const Error& error) {
    return fmt::format("fsck failed: {}", error.what());
  }
  if (ostree && run({"ostree", "--repo=" + path, "fsck", "--quiet"}).status != 0)
    return "ostree fsck is not content";
  return {};
}

std::string find_trouble_of_pull(const std::string& path, const std::vector<std::string>& refs,
                                 const std::vector<std::string>& commits, LeftOvers left_overs) {
  PullOptions options;
  options.remote = "origin";
  options.refs = refs;
  try {
    repo::Repo repo = repo::Repo::open(path);
    const PullResult result = pull::run(repo, options, nullptr, {});
    for (std::size_t index = 0; index < refs.size(); ++index)
      if (result.refs.at(index).commit != commits.at(index)) return "the pull got another commit";
    for (std::size_t index = 0; index < refs.size(); ++index)
      if (repo::resolve_rev(repo::Repo::open(path), "origin:" + refs[index]).hex() !=
          commits[index])
        return "the ref is at another commit";
  } catch (const Error& error) {
    return fmt::format("the next pull: {}", error.what());
  }
  if (const std::string damage = find_damage(path); !damage.empty())
    return "after the next pull: " + damage;
  return find_left_overs(path, left_overs);
}

}  // namespace xylem::test
