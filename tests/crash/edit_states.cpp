// edit-states [--without-sync]
//
// Records edits of config, remotes, cookies, detached metadata and the summary call by call, makes
// every state that a kill or a power cut could leave (power_cut.hpp), and checks each: every file
// is as it was before or after one of the edits, and the repository opens.

#include <fmt/format.h>

#include <cstring>
#include <iostream>
#include <map>
#include <set>
#include <unordered_set>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "crash/power_cut.hpp"
#include "crash/program.hpp"
#include "crash/workplace.hpp"
#include "object/variant/variant.hpp"
#include "repo/cookies.hpp"
#include "repo/refs/refs.hpp"
#include "repo/refs/summary_file.hpp"
#include "repo/transaction/edit_detached.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace xylem::test {

namespace {

constexpr std::size_t most_shown = 5;
constexpr char absent[] = "(absent)";

/// Contents by path.
using Contents = std::map<std::string, std::string>;

void make_repo(const std::string& repo, const std::string& tree) {
  os::make_dirs({FileDescriptor::cwd(), tree}, 0755);
  write_file(tree + "/file", "content");
  run_ok({"ostree", "init", "--repo=" + repo, "--mode=archive"});
  run_ok({"ostree", "commit", "--repo=" + repo, "-b", "main", "--tree=dir=" + tree,
          "--add-detached-metadata-string=note=old"});
  run_ok({"ostree", "remote", "add", "--repo=" + repo, "origin", "http://localhost/old"});
  run_ok({"ostree", "summary", "--repo=" + repo, "-u"});
}

/// The files that the edits are about.
Contents contents_of(const repo::Repo& repo) {
  const std::string commit = repo::resolve_rev(repo, "main").hex();
  Contents contents;
  for (const std::string& path :
       {std::string("config"), std::string("origin.cookies.txt"), std::string("summary"),
        "objects/" + commit.substr(0, 2) + "/" + commit.substr(2) + ".commitmeta"}) {
    const auto bytes = os::try_read_file({repo.dir(), path}, 1 << 20);
    contents[path] = bytes ? std::string(as_text(*bytes)) : absent;
  }
  return contents;
}

void edit_all(repo::Repo& repo, const std::function<void()>& after_each) {
  const auto then = [&](auto edit) {
    edit();
    after_each();
  };
  then([&] { repo.edit_config([](repo::KeyFile& file) { file.set("core", "test", "new"); }); });
  then([&] { repo.set_remote("origin", {{"url", "http://localhost/new"}}); });
  then([&] { repo.set_remote("second", {{"url", "http://localhost/second"}}); });
  then([&] {
    repo::edit_detached(repo, repo::resolve_rev(repo, "main"), [](const object::Dict& before) {
      object::DictBuilder changed(before);
      changed.set("note", "new");
      return changed.build();
    });
  });
  then([&] { repo::update_summary(repo); });
  then([&] {
    const auto add = [](const auto&) { return Bytes{'n', 'e', 'w', '\n'}; };
    repo::edit_remote_cookies(repo, "origin", add);
  });
}

struct Recorded {
  Recording recording;
  std::map<std::string, std::set<std::string>> allowed;  ///< Contents, by path.
};

Recorded record_edits(const std::string& path, bool without_sync) {
  Recorded recorded;
  Recording& recording = recorded.recording;
  FileIds ids;
  recording.start = DiskImage::read(path, ids);
  recording.next_inode = static_cast<Inode>(recording.start.nodes.size());
  Recorder recorder(recording, std::move(ids));
  if (without_sync)
    recorder.leave_out([](const Step& step) {
      return step.kind == Step::Kind::Sync || step.kind == Step::Kind::SyncAll;
    });
  repo::Repo repo = repo::Repo::open(path);
  const auto note = [&] {
    for (auto& [file, content] : contents_of(repo)) recorded.allowed[file].insert(content);
  };
  note();
  const os::ObserverScope scope(recorder);
  edit_all(repo, note);
  return recorded;
}

/// Checks states, each once.
class Checker {
 public:
  Checker(std::string place, const Recorded& recorded)
      : place_(std::move(place)), recorded_(recorded) {}

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
  bool saw_all() const { return met_ == recorded_.allowed; }

 private:
  std::string find_trouble() try {
    const repo::Repo repo = repo::Repo::open(place_);
    repo::load_summary(repo);
    for (const auto& [path, content] : contents_of(repo)) {
      if (!recorded_.allowed.at(path).contains(content)) return path + " is neither old nor new";
      met_[path].insert(content);
    }
    return "";
  } catch (const Error& error) {
    return error.what();
  }

  std::string place_;
  const Recorded& recorded_;
  std::unordered_set<std::size_t> seen_;
  std::map<std::string, std::set<std::string>> met_;
  std::size_t broken_ = 0;
};

int check_all(bool without_sync) {
  const Workplace work;
  make_repo(work / "repo", work / "tree");
  const Recorded recorded = record_edits(work / "repo", without_sync);
  const Recording& recording = recorded.recording;
  Checker checker(work / "state", recorded);
  const auto visit = [&](const DiskImage& image, const std::string& how) {
    checker.check(image, how);
  };
  for (std::size_t count = 0; count <= recording.steps.size(); ++count)
    checker.check(tree_after(recording, count), fmt::format("killed after step {}", count));
  for_each_journal_state(recording, {}, visit);
  for_each_loose_state(recording, {}, visit);
  std::cout << fmt::format("{} steps, {} different states, {} broken\n", recording.steps.size(),
                           checker.states(), checker.broken());
  if (!checker.saw_all()) return 1;
  // The check must see what the syncs are for.
  return (checker.broken() != 0) == without_sync ? 0 : 1;
}

}  // namespace

}  // namespace xylem::test

int main(int argc, char** argv) {
  const bool without_sync = argc > 1 && std::strcmp(argv[1], "--without-sync") == 0;
  return xylem::test::run_program([&] { return xylem::test::check_all(without_sync); });
}
