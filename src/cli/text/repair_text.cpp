#include "cli/text/repair_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "cli/progress/json_text.hpp"
#include "cli/progress/progress_text.hpp"
#include "xylem/error.hpp"

namespace xylem::cli {

namespace {

Json problems_json(const std::vector<repo::FsckProblem>& problems) {
  Json list = Json::array();
  for (const repo::FsckProblem& problem : problems) {
    Json object{{"kind", repo::name(problem.kind)}, {"message", problem.message}};
    if (problem.object != object::ObjectName{}) object["object"] = problem.object.text();
    if (!problem.ref.empty()) object["ref"] = problem.ref;
    list.push_back(std::move(object));
  }
  return list;
}

Json repair_json(const pull::CommitRepair& repair) {
  Json object{{"commit", repair.commit.hex()},
              {"repaired", repair.remote.has_value()},
              {"objects_fetched", repair.objects},
              {"bytes_transferred", repair.bytes},
              {"failures", json_of(repair.failures)}};
  if (repair.remote) object["remote"] = *repair.remote;
  return object;
}

Json commits_json(const std::vector<Checksum>& commits) {
  Json list = Json::array();
  for (const Checksum& commit : commits) list.push_back(commit.hex());
  return list;
}

Json quarantined_json(const std::vector<repo::Quarantined>& files) {
  Json list = Json::array();
  for (const repo::Quarantined& moved : files)
    list.push_back({{"from", moved.from}, {"to", moved.to}, {"why", moved.why}});
  return list;
}

void print_repair(const pull::CommitRepair& repair) {
  if (repair.remote)
    fmt::print("Repaired commit {} from {}: {} objects fetched, {} transferred\n",
               repair.commit.hex(), *repair.remote, repair.objects, format_size(repair.bytes));
  else
    fmt::print("Commit {} cannot be repaired, and stays partial: {}\n", repair.commit.hex(),
               repair.failures.joined("no remote provided the missing objects").what());
}

}  // namespace

void print_text(const pull::RepairReport& report) {
  for (const repo::FsckProblem& problem : report.found.problems)
    fmt::print("Found: {}\n", printable(problem.message));
  for (const repo::Quarantined& moved : report.quarantined)
    fmt::print("Moved {} to {}: {}\n", printable(moved.from), printable(moved.to),
               printable(moved.why));
  for (const pull::CommitRepair& repair : report.repairs) print_repair(repair);
  for (const repo::FsckProblem& problem : report.remaining)
    fmt::print("Still there: {}\n", printable(problem.message));
  if (report.good())
    fmt::print(
        "object fsck of {} commits completed successfully - {}.\n", report.found.commits_checked,
        report.found.clean() && report.repairs.empty() ? "no errors found" : "all errors repaired");
}

void print_json(const pull::RepairReport& report) {
  Json repairs = Json::array();
  for (const pull::CommitRepair& repair : report.repairs) repairs.push_back(repair_json(repair));
  print_json_line({{"commits_checked", report.found.commits_checked},
                   {"objects_checked", report.found.objects_checked},
                   {"partial_commits", commits_json(report.found.partial_commits)},
                   {"problems", problems_json(report.found.problems)},
                   {"quarantined", quarantined_json(report.quarantined)},
                   {"repairs", repairs},
                   {"remaining", problems_json(report.remaining)},
                   {"broken_commits", commits_json(report.broken)}});
}

void require_success(const pull::RepairReport& report) {
  if (!report.broken.empty())
    throw Error(ErrorKind::Corrupt, fmt::format("{} partial commits from fsck-detected corruption",
                                                report.broken.size()))
        .hint(
            "Run `xylem fsck --repair` to fetch the missing objects from a remote that has them.");
  if (!report.remaining.empty()) throw_problems(report.remaining);
}

bool only_foreign(const std::vector<repo::FsckProblem>& problems) {
  return std::ranges::all_of(problems, [](const repo::FsckProblem& problem) {
    return problem.kind == repo::FsckProblem::Kind::Foreign;
  });
}

void throw_problems(const std::vector<repo::FsckProblem>& problems) {
  if (only_foreign(problems))
    throw Error(ErrorKind::Corrupt, "Other users can change objects of the repository")
        .hint(
            "Give objects/ to its owner with `chown -R`, run `chmod -R go-w` on it, then check "
            "again.");
  throw Error(ErrorKind::Corrupt, "Repository corruption encountered").hint(repair_hint);
}

}  // namespace xylem::cli
