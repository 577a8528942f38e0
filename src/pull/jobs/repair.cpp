#include "pull/jobs/repair.hpp"

#include <algorithm>

#include "pull/session.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/upkeep/leftovers.hpp"

namespace xylem::pull {

using object::ObjectName;
using object::ObjectType;

namespace {

/// Whether `commit` is `tip` or one of its ancestors, as far as the history can be read.
bool leads_to(const repo::Repo& repo, const Checksum& tip, const Checksum& commit) try {
  std::optional<Checksum> at = tip;
  while (at && *at != commit) at = repo.load_commit(*at).parent;
  return at.has_value();
} catch (const Error&) {
  return false;
}

bool has_ref_to(const repo::Repo& repo, const std::string& remote, const Checksum& commit) {
  const auto ignore = [](const object::RefSpec&, const Error&) {};
  return std::ranges::any_of(list_refs(repo, remote + ":", ignore), [&](const auto& ref) {
    return leads_to(repo, ref.second.commit, commit);
  });
}

CommitRepair repair_commit(repo::Repo& repo, const Checksum& commit, PullObserver* observer,
                           const CancelToken& cancel) {
  CommitRepair repair{.commit = commit};
  for (const std::string& remote : remotes_for(repo, commit)) {
    PullOptions options;
    options.remote = remote;
    options.refs = {commit.hex()};
    const bool done = repair.failures.attempt([&] {
      const PullResult result = run(repo, options, observer, cancel);
      repair.objects = result.metadata_fetched + result.content_fetched;
      repair.bytes = result.bytes_transferred;
    });
    if (!done) continue;
    repair.remote = remote;
    return repair;
  }
  if (repair.failures.empty())
    repair.failures.add(Error(ErrorKind::NotFound, "No remote is configured",
                              {.object = ObjectName{commit, ObjectType::Commit}.text(),
                               .hint = "add one with `xylem remote add`"}));
  return repair;
}

}  // namespace

std::vector<std::string> remotes_for(const repo::Repo& repo, const Checksum& commit) {
  std::vector<std::string> remotes = repo.remote_names();
  std::ranges::stable_partition(
      remotes, [&](const std::string& remote) { return has_ref_to(repo, remote, commit); });
  return remotes;
}

RepairReport repair(repo::Repo& repo, repo::FsckOptions options, PullObserver* observer) {
  options.delete_bad = true;
  RepairReport report;
  report.found = repo::fsck(repo, options);
  report.quarantined = repo::quarantine_bad_files(repo);
  for (const Checksum& commit : repo::list_broken(repo))
    report.repairs.push_back(repair_commit(repo, commit, observer, options.cancel));
  report.remaining = remaining_problems(repo, options, report.found);
  report.broken = broken_commits(repo);
  return report;
}

}  // namespace xylem::pull
