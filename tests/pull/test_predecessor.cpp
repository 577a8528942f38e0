// An update looks only at what differs from a commit that is here as a whole.

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "pull/session.hpp"
#include "repo/partial.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

constexpr char ref[] = "os/test";
constexpr int dirs = 20;

struct Watcher : PullObserver {
  std::uint64_t scanned = 0;
  void on_progress(const PullProgress& progress) override {
    scanned = std::max(scanned, progress.scanned_metadata);
  }
};

/// A tree of directories with one file each, of which a client has the first commit.
class Site {
 public:
  Site() {
    os::make_dir(dir_.at("tree"), 0755);
    for (int i = 0; i < dirs; ++i) {
      os::make_dir(dir_.at("tree/" + name(i)), 0755);
      change(i, "first");
    }
    test::run_ok({"ostree", "init", "--repo=" + source(), "--mode=archive"});
    commit({});
    repo::Repo client = repo::Repo::create(client_path(), repo::Mode::BareUser);
    client.set_remote("origin", {{"url", "file://" + source()}, {"gpg-verify", "false"}});
    CHECK(pull() == dirs + 1);
  }

  static std::string name(int i) { return "dir" + std::to_string(i); }
  void change(int i, const std::string& content) const {
    test::write_file(dir_ / ("tree/" + name(i) + "/file"), name(i) + content);
  }
  void commit(const std::vector<std::string>& options) const {
    std::vector<std::string> command = {"ostree", "commit", "--repo=" + source(),
                                        "-b",     ref,      "--tree=dir=" + (dir_ / "tree")};
    command.insert(command.end(), options.begin(), options.end());
    test::run_ok(command);
  }
  /// How many directories were looked at. Afterwards all is there.
  std::uint64_t pull() const {
    const std::uint64_t scanned = update();
    test::run_ok({"ostree", "fsck", "-q", "--repo=" + client_path()});
    return scanned;
  }
  std::uint64_t update() const {
    PullOptions options;
    options.remote = "origin";
    options.refs = {ref};
    Watcher watcher;
    repo::Repo repository = client();
    pull::run(repository, options, &watcher, {});
    CHECK(head(client(), "origin") == head(repo::Repo::open(source()), std::nullopt));
    return watcher.scanned;
  }
  repo::Repo client() const { return repo::Repo::open(client_path()); }
  static Checksum head(const repo::Repo& repo, const std::optional<std::string>& remote) {
    return repo::find_ref(repo, object::RefSpec{remote, ref}).value();
  }

 private:
  std::string source() const { return dir_ / "source"; }
  std::string client_path() const { return dir_ / "client"; }

  test::TempDir dir_;
};

}  // namespace

TEST_CASE("an update looks at the directories that differ") {
  const Site site;
  site.change(7, "second");
  SECTION("from the commit's parent") {
    site.commit({});
  }
  SECTION("from what the ref has") {
    site.commit({"--parent=none"});
  }
  CHECK(site.pull() == 2);
}

TEST_CASE("a commit that is not here as a whole is no measure") {
  const Site site;
  repo::Repo client = site.client();
  repo::mark_partial(client, Site::head(client, "origin"));
  std::vector<object::ObjectName> files;
  client.store().for_each([&](const object::ObjectName& name) {
    if (name.type == object::ObjectType::File) files.push_back(name);
  });
  CHECK(files.size() == dirs);
  for (const object::ObjectName& file : files) client.store().remove(file);
  site.change(7, "second");
  site.commit({});
  CHECK(site.pull() == dirs + 1);
}

TEST_CASE("a damaged commit is no measure, and stops nothing") {
  const Site site;
  const repo::Repo client = site.client();
  const PathAt damaged =
      client.store().path({Site::head(client, "origin"), object::ObjectType::Commit});
  os::unlink(damaged);
  os::open(damaged, O_WRONLY | O_CREAT, 0644);
  site.change(7, "second");
  site.commit({});
  CHECK(site.update() == dirs + 1);
}
