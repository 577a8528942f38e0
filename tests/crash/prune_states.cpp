// prune-states [--without-sync]
//
// Records a prune call by call, makes every state that a power cut could leave (power_cut.hpp), and
// checks each: nothing is damaged, no commit looks complete and is not, the next prune ends it.

#include <fmt/format.h>

#include <cstring>
#include <iostream>
#include <unordered_set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/program.hpp"
#include "crash/repo_check.hpp"
#include "crash/workplace.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/upkeep/prune.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

namespace {

constexpr std::size_t most_shown = 5;

repo::PruneOptions newest_only() {
  repo::PruneOptions options;
  options.retention.refs_only = true;
  options.retention.depth = 0;
  return options;
}

void commit(const std::string& repo, const std::string& tree, const std::string& content) {
  write_file(tree + "/file", content);
  run_ok({"ostree", "commit", "--repo=" + repo, "-b", "main", "--tree=dir=" + tree,
          "--add-detached-metadata-string=signed=yes"});
}

/// Three commits that need different objects, of which the oldest is partial and the newest stays.
void make_repo(const std::string& repo, const std::string& tree) {
  os::make_dirs({FileDescriptor::cwd(), tree}, 0755);
  run_ok({"ostree", "init", "--repo=" + repo, "--mode=archive"});
  commit(repo, tree, "oldest");
  repo::Repo opened = repo::Repo::open(repo);
  const Checksum oldest = repo::resolve_rev(opened, "main");
  commit(repo, tree, "older");
  commit(repo, tree, "newest");
  repo::mark_partial(opened, oldest);
  opened.store().remove({opened.load_commit(oldest).root_tree, object::ObjectType::DirTree});
}

Recording record_prune(const std::string& path, bool without_sync) {
  Recording recording;
  FileIds ids;
  recording.start = DiskImage::read(path, ids);
  recording.next_inode = static_cast<Inode>(recording.start.nodes.size());
  Recorder recorder(recording, std::move(ids));
  if (without_sync)
    recorder.leave_out([](const Step& step) { return step.kind == Step::Kind::Sync; });
  const os::ObserverScope scope(recorder);
  repo::Repo repo = repo::Repo::open(path);
  repo::prune(repo, newest_only());
  return recording;
}

/// The next prune must work, and leave what the one newest commit needs: itself, its detached
/// metadata, a tree, a directory's metadata and a file.
std::string find_trouble_of_prune(const std::string& path) try {
  repo::Repo repo = repo::Repo::open(path);
  const repo::PruneReport report = repo::prune(repo, newest_only());
  if (!report.failures.empty()) return report.failures.joined("the next prune").what();
  std::size_t count = 0;
  repo.store().for_each([&](const object::ObjectName&) { ++count; });
  if (count != 5) return fmt::format("{} objects are left", count);
  for (const DirEntry& entry : list_directory(repo.tmp()))
    if (entry.name != "cache") return "left over: tmp/" + entry.name;
  return find_damage(path);
} catch (const Error& error) {
  return fmt::format("the next prune: {}", error.what());
}

/// Checks states, each once.
class Checker {
 public:
  explicit Checker(std::string place) : place_(std::move(place)) {}

  void check(const DiskImage& image, const std::string& how) {
    if (!seen_.insert(image.hash()).second) return;
    FileIds ids;
    image.write(place_, ids);
    std::string trouble = find_damage(place_, seen_.size() % 50 == 0);
    if (trouble.empty()) trouble = find_trouble_of_prune(place_);
    remove_tree({FileDescriptor::cwd(), place_});
    if (trouble.empty()) return;
    if (++broken_ <= most_shown) std::cout << "BROKEN: " << how << ": " << trouble << std::endl;
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t broken() const { return broken_; }

 private:
  std::string place_;
  std::unordered_set<std::size_t> seen_;
  std::size_t broken_ = 0;
};

int check_all(bool without_sync) {
  const Workplace work;
  make_repo(work / "repo", work / "tree");
  const Recording recording = record_prune(work / "repo", without_sync);
  Checker checker(work / "state");
  const auto visit = [&](const DiskImage& image, const std::string& how) {
    checker.check(image, how);
  };
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
