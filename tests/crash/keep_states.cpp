// keep-states [--without-sync]
//
// Records how leases are made, renewed and released and a label is set, one after the other, makes
// every state that a kill or a power cut could leave (power_cut.hpp), and checks each: it is that
// after some of these changes, and before all that follow.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <unordered_set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/program.hpp"
#include "crash/workplace.hpp"
#include "repo/keep/labels.hpp"
#include "repo/keep/leases.hpp"
#include "repo/refs/refs.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

namespace {

void make_repo(const std::string& repo, const std::string& tree) {
  os::make_dirs({FileDescriptor::cwd(), tree}, 0755);
  write_file(tree + "/file", "content");
  run_ok({"ostree", "init", "--repo=" + repo, "--mode=archive"});
  run_ok({"ostree", "commit", "--repo=" + repo, "-b", "main", "--tree=dir=" + tree});
}

object::ObjectName commit_of(const repo::Repo& repo) {
  return {repo::resolve_rev(repo, "main"), object::ObjectType::Commit};
}

/// All that can be asked for, but for times.
std::string describe(const repo::Repo& repo) {
  std::string text;
  for (const Lease& lease : repo::list_leases(repo))
    text += fmt::format("{}: {} {} {}; ", lease.name, lease.note, lease.objects.size(),
                        lease.ends.value_or(0));
  for (const auto& [name, value] : repo::labels_of(repo, commit_of(repo)))
    text += fmt::format("{}={}; ", name, value);
  return text;
}

/// Calls `after` at the beginning and after each change.
template <typename After>
void change(repo::Repo& repo, After after) {
  after();
  repo::grant_lease(repo, {.name = "first", .objects = {commit_of(repo).text()}});
  after();
  repo::grant_lease(repo, {.name = "first", .note = "renewed", .ends = 4'000'000'000});
  after();
  repo::edit_labels(repo, commit_of(repo), {.set = {{"channel", "stable"}}});
  after();
  repo::grant_lease(repo, {.name = "second", .objects = {commit_of(repo).text()}});
  after();
  repo::edit_labels(repo, commit_of(repo), {.remove = {"channel"}});
  after();
  repo::release_lease(repo, "first");
  after();
}

Recording record_changes(const std::string& path, bool without_sync) {
  Recording recording;
  FileIds ids;
  recording.start = DiskImage::read(path, ids);
  recording.next_inode = static_cast<Inode>(recording.start.nodes.size());
  Recorder recorder(recording, std::move(ids));
  if (without_sync)
    recorder.leave_out([](const Step& step) {
      return step.kind == Step::Kind::Sync || step.kind == Step::Kind::SyncAll;
    });
  const os::ObserverScope scope(recorder);
  repo::Repo repo = repo::Repo::open(path);
  change(repo, [] {});
  return recording;
}

/// Checks states, each once.
class Checker {
 public:
  Checker(std::string place, std::vector<std::string> allowed)
      : place_(std::move(place)), allowed_(std::move(allowed)) {}

  void check(const DiskImage& image, const std::string& how) {
    if (!seen_.insert(image.hash()).second) return;
    FileIds ids;
    image.write(place_, ids);
    const std::string trouble = find_trouble();
    remove_tree({FileDescriptor::cwd(), place_});
    if (trouble.empty()) return;
    constexpr std::size_t most_shown = 5;
    if (++broken_ <= most_shown) std::cout << "BROKEN: " << how << ": " << trouble << std::endl;
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t broken() const { return broken_; }

 private:
  std::string find_trouble() try {
    const std::string found = describe(repo::Repo::open(place_));
    const bool good = std::ranges::find(allowed_, found) != allowed_.end();
    return good ? "" : "nobody ever wrote this: " + found;
  } catch (const Error& error) {
    return error.what();
  }

  std::string place_;
  std::vector<std::string> allowed_;
  std::unordered_set<std::size_t> seen_;
  std::size_t broken_ = 0;
};

int check_all(bool without_sync) {
  const Workplace work;
  make_repo(work / "repo", work / "tree");
  make_repo(work / "model", work / "tree");
  std::vector<std::string> allowed;
  repo::Repo model = repo::Repo::open(work / "model");
  change(model, [&] { allowed.push_back(describe(model)); });
  const Recording recording = record_changes(work / "repo", without_sync);
  Checker checker(work / "state", allowed);
  const auto visit = [&](const DiskImage& image, const std::string& how) {
    checker.check(image, how);
  };
  for (std::size_t count = 0; count <= recording.steps.size(); ++count)
    checker.check(tree_after(recording, count), fmt::format("killed after step {}", count));
  for_each_journal_state(recording, {}, visit);
  for_each_loose_state(recording, {}, visit);
  std::cout << fmt::format("{} steps, {} different states, {} broken\n", recording.steps.size(),
                           checker.states(), checker.broken());
  // The check must see what the syncs are for.
  return (checker.broken() != 0) == without_sync ? 0 : 1;
}

}  // namespace

}  // namespace xylem::test

int main(int argc, char** argv) {
  const bool without_sync = argc > 1 && std::strcmp(argv[1], "--without-sync") == 0;
  return xylem::test::run_program([&] { return xylem::test::check_all(without_sync); });
}
