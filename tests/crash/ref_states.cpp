// ref-states [--without-sync]
//
// Records a change of several refs call by call, makes every state that a kill or a power cut could
// leave (power_cut.hpp), and checks each: whoever opens the repository then finds all refs as they
// were, or all as they were to be, and nothing is left over.

#include <fmt/format.h>

#include <cstring>
#include <iostream>
#include <map>
#include <unordered_set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/program.hpp"
#include "crash/workplace.hpp"
#include "repo/disk/layout.hpp"
#include "repo/refs/change_refs.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

namespace {

constexpr std::size_t most_shown = 5;

using Refs = std::map<std::string, std::string>;

object::RefSpec local(const std::string& ref) {
  return {std::nullopt, ref};
}

/// Two commits; refs to the first, of which one is to be moved, one deleted, and one left alone.
void make_repo(const std::string& repo, const std::string& tree) {
  os::make_dirs({FileDescriptor::cwd(), tree}, 0755);
  run_ok({"ostree", "init", "--repo=" + repo, "--mode=archive"});
  for (const std::string name : {"first", "second"}) {
    write_file(tree + "/file", name);
    run_ok({"ostree", "commit", "--repo=" + repo, "-b", name, "--tree=dir=" + tree});
  }
  for (const std::string name : {"moved", "deep/deleted"})
    run_ok({"ostree", "refs", "--repo=" + repo, "--create=" + name, "first"});
}

Refs refs_of(const repo::Repo& repo) {
  Refs refs;
  for (const auto& [spec, entry] : repo::list_refs(repo))
    refs.emplace(spec.text(), entry.commit.hex());
  return refs;
}

void change(repo::Repo& repo) {
  const Checksum second = repo::resolve_rev(repo, "second");
  repo::RefEditor(repo).apply({{local("moved"), second, {}},
                               {local("deep/deleted"), {}, {}},
                               {local("new/below/this"), second, {}},
                               {object::RefSpec{"origin", "os"}, second, {}},
                               {local("alias"), repo::AliasOf{"second"}, {}}});
}

Recording record_change(const std::string& path, bool without_sync) {
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
  change(repo);
  return recording;
}

/// Checks states, each once.
class Checker {
 public:
  Checker(std::string place, Refs before, Refs after)
      : place_(std::move(place)), before_(std::move(before)), after_(std::move(after)) {}

  void check(const DiskImage& image, const std::string& how) {
    if (!seen_.insert(image.hash()).second) return;
    FileIds ids;
    image.write(place_, ids);
    const std::string trouble = find_trouble();
    remove_tree({FileDescriptor::cwd(), place_});
    if (trouble.empty()) return;
    if (++broken_ <= most_shown) std::cout << "BROKEN: " << how << ": " << trouble << std::endl;
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t broken() const { return broken_; }
  bool saw_both() const { return saw_before_ && saw_after_; }

 private:
  std::string find_trouble() try {
    const repo::Repo repo = repo::Repo::open(place_);
    const Refs refs = refs_of(repo);
    if (os::exists({repo.dir(), repo::layout::ref_journal})) return "the journal is left";
    saw_before_ = saw_before_ || refs == before_;
    saw_after_ = saw_after_ || refs == after_;
    return refs == before_ || refs == after_ ? "" : "half of the refs are changed";
  } catch (const Error& error) {
    return error.what();
  }

  std::string place_;
  Refs before_;
  Refs after_;
  std::unordered_set<std::size_t> seen_;
  std::size_t broken_ = 0;
  bool saw_before_ = false;
  bool saw_after_ = false;
};

int check_all(bool without_sync) {
  const Workplace work;
  make_repo(work / "repo", work / "tree");
  const Refs before = refs_of(repo::Repo::open(work / "repo"));
  const Recording recording = record_change(work / "repo", without_sync);
  Checker checker(work / "state", before, refs_of(repo::Repo::open(work / "repo")));
  const auto visit = [&](const DiskImage& image, const std::string& how) {
    checker.check(image, how);
  };
  for (std::size_t count = 0; count <= recording.steps.size(); ++count)
    checker.check(tree_after(recording, count), fmt::format("killed after step {}", count));
  for_each_journal_state(recording, {}, visit);
  for_each_loose_state(recording, {}, visit);
  std::cout << fmt::format("{} steps, {} different states, {} broken\n", recording.steps.size(),
                           checker.states(), checker.broken());
  if (!checker.saw_both()) return 1;
  // The check must see what the syncs are for.
  return (checker.broken() != 0) == without_sync ? 0 : 1;
}

}  // namespace

}  // namespace xylem::test

int main(int argc, char** argv) {
  const bool without_sync = argc > 1 && std::strcmp(argv[1], "--without-sync") == 0;
  return xylem::test::run_program([&] { return xylem::test::check_all(without_sync); });
}
