#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/disk/layout.hpp"
#include "repo/forked.hpp"
#include "repo/ostree_repo.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;
using test::read_file;
using test::TempDir;
using test::write_file;

std::string text_of(const std::string& path) {
  return std::string(as_text(read_file(path)));
}

/// The least that is a repository, with this config.
void make_by_hand(const TempDir& dir, std::string_view config) {
  os::make_dirs(dir.at("repo/objects"), 0755);
  write_file(dir / "repo/config", config);
}

}  // namespace

TEST_CASE("repositories of ostree are opened in every mode") {
  const std::pair<const char*, Mode> table[] = {{"archive", Mode::Archive},
                                                {"bare", Mode::Bare},
                                                {"bare-user", Mode::BareUser},
                                                {"bare-user-only", Mode::BareUserOnly}};
  for (const auto& [name, mode] : table) {
    const OstreeRepo made(name);
    const Repo repo = made.open();
    CHECK(repo.mode() == mode);
    CHECK(repo.writable());
    CHECK(repo.parent() == nullptr);
    CHECK(repo.tmp().valid());
  }
}

TEST_CASE("ostree works with a new repository of ours") {
  const TempDir dir;
  const std::string path = dir / "repo";
  const Repo repo = Repo::create(path, Mode::Archive);
  CHECK(text_of(path + "/config") == "[core]\nrepo_version=1\nmode=archive-z2\n");
  CHECK(test::run_ok({"ostree", "--repo=" + path, "config", "get", "core.mode"}) == "archive-z2");
  os::make_dir(dir.at("tree"), 0755);
  test::run_ok(
      {"ostree", "--repo=" + path, "commit", "-b", "main", "--tree=dir=" + (dir / "tree")});
  CHECK(test::run_ok({"ostree", "--repo=" + path, "refs"}) == "main");
  CHECK(test::run({"ostree", "--repo=" + path, "fsck", "-q"}).status == 0);
}

TEST_CASE("a new repository looks as ostree makes it") {
  const TempDir dir;
  for (const char* mode : {"archive", "bare", "bare-user-only"}) {
    const std::string theirs = dir / (std::string("theirs-") + mode);
    const std::string ours = dir / (std::string("ours-") + mode);
    test::run_ok({"ostree", "--repo=" + theirs, "init", std::string("--mode=") + mode,
                  "--collection-id=org.example.Os"});
    Repo::create(ours, *parse_mode(mode), "org.example.Os");
    CHECK(text_of(ours + "/config") == text_of(theirs + "/config"));
    CHECK(test::run_ok({"sh", "-c", "cd " + ours + " && find . -printf '%p %m\\n' | sort"}) ==
          test::run_ok({"sh", "-c", "cd " + theirs + " && find . -printf '%p %m\\n' | sort"}));
  }
}

TEST_CASE("creating a repository again changes nothing") {
  const TempDir dir;
  const std::string path = dir / "repo";
  Repo::create(path, Mode::Bare);
  const std::string config = text_of(path + "/config") + "fsync=false\n";
  write_file(path + "/config", config);
  const Repo again = Repo::create(path, Mode::Archive);
  CHECK(again.mode() == Mode::Bare);
  CHECK_FALSE(again.config().fsync);
  CHECK(text_of(path + "/config") == config);
}

TEST_CASE("what an interrupted creation left is completed") {
  const TempDir dir;
  os::make_dirs(dir.at("repo/refs"), 0755);
  write_file(dir / "repo/config", "[core]\nrepo_version=1\nmode=bare-user-only\n");
  CHECK(error_kind([&] { Repo::open(dir / "repo"); }) == ErrorKind::NotFound);
  CHECK(Repo::create(dir / "repo", Mode::Bare).mode() == Mode::BareUserOnly);
  CHECK(os::exists(dir.at("repo/refs/mirrors")));
}

TEST_CASE("what is no repository is said to be none") {
  const TempDir dir;
  const auto refusal = [&](const std::string& path) {
    try {
      Repo::open(path);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::NotFound);
      CHECK_THAT(error.details().hint, Catch::Contains("xylem init"));
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(refusal(dir / "none"), Catch::Contains("none is not a repository"));
  CHECK_THAT(refusal(dir.path()), Catch::Contains("objects"));
  os::make_dir(dir.at("objects"), 0755);
  CHECK_THAT(refusal(dir.path()), Catch::Contains("config"));
}

TEST_CASE("a config that cannot be used is refused with the reason") {
  const std::pair<const char*, const char*> table[] = {
      {"[core]\nrepo_version=1\nmode=tar\n", "core.mode"},
      {"[core]\nrepo_version=2\nmode=bare\n", "core.repo_version"},
      {"[core]\nrepo_version=1\nmode=bare\narchive=true\n", "core.archive"},
      {"<html>not here</html>\n", "config"},
      {"[core]\nrepo_version=1\n\xff\n", "UTF-8"},
  };
  for (const auto& [config, reason] : table) {
    const TempDir dir;
    make_by_hand(dir, config);
    CHECK_THROWS_WITH(Repo::open(dir / "repo"),
                      Catch::Contains(reason) && Catch::Contains(dir / "repo"));
    CHECK(error_kind([&] { Repo::open(dir / "repo"); }) == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("tmp/ is made again after somebody removed it") {
  const OstreeRepo made;
  test::run_ok({"rm", "-r", made / "tmp"});
  const Repo repo = made.open();
  CHECK(repo.tmp().valid());
  CHECK(os::exists({repo.dir(), layout::tmp_cache}));
}

TEST_CASE("parents lend their objects and refs") {
  const OstreeRepo below;
  const Checksum commit = below.commit("main");
  const OstreeRepo above;
  above.run({"config", "set", "core.parent", below.path()});
  const Repo repo = above.open();
  REQUIRE(repo.parent() != nullptr);
  CHECK(repo.parent()->path() == below.path());
  CHECK(repo.has({commit, object::ObjectType::Commit}));
  CHECK_FALSE(repo.store().has({commit, object::ObjectType::Commit}));
  CHECK(repo.load_commit(commit).root_tree == below.open().load_commit(commit).root_tree);
  CHECK(repo.load_dirtree(repo.load_commit(commit).root_tree).files.size() == 1);
}

TEST_CASE("repositories that are each other's parents are refused") {
  const OstreeRepo a;
  const OstreeRepo b;
  a.run({"config", "set", "core.parent", b.path()});
  write_file(b / "config", "[core]\nrepo_version=1\nmode=archive-z2\nparent=" + a.path() + "\n");
  CHECK_THROWS_WITH(a.open(), Catch::Contains("parent"));
}

TEST_CASE("objects that are missing are named") {
  const OstreeRepo made;
  const Repo repo = made.open();
  const Checksum none;
  for (const auto& load : std::vector<std::function<void()>>{
           [&] { repo.load_commit(none); }, [&] { repo.load_dirtree(none); },
           [&] { repo.load_dirmeta(none); }, [&] { repo.load_file(none); }}) {
    CHECK(error_kind(load) == ErrorKind::NotFound);
    CHECK_THROWS_WITH(load(), Catch::Contains(none.hex()));
  }
  CHECK(repo.load_commitmeta(none).empty());
}

TEST_CASE("configuration written by us is read by ostree") {
  const OstreeRepo made;
  Repo repo = made.open();
  repo.edit_config([](KeyFile& config) { config.set("core", "tmp-expiry-secs", "17"); });
  CHECK(repo.config().tmp_expiry == std::chrono::seconds(17));
  CHECK(made.run({"config", "get", "core.tmp-expiry-secs"}) == "17");
  made.run({"config", "set", "core.lock-timeout-secs", "5"});
  CHECK(made.open().config().lock_timeout == std::chrono::seconds(5));
}

TEST_CASE("a configuration that cannot be used is not written") {
  const OstreeRepo made;
  Repo repo = made.open();
  const std::string before = text_of(made / "config");
  const auto change = [](KeyFile& config) { config.set("core", "mode", "tar"); };
  CHECK(error_kind([&] { repo.edit_config(change); }) == ErrorKind::InvalidArgument);
  CHECK(text_of(made / "config") == before);
  CHECK(repo.mode() == Mode::Archive);
}

TEST_CASE("a private config stays private") {
  const OstreeRepo made;
  ::chmod((made / "config").c_str(), 0600);
  Repo repo = made.open();
  repo.edit_config([](KeyFile& config) { config.set("core", "fsync", "false"); });
  CHECK((os::try_stat({repo.dir(), "config"})->st_mode & 07777) == 0600);
}

TEST_CASE("a repository that we may not write to is read without locks") {
  const OstreeRepo made;
  made.commit("main");
  ::chmod((made / "..").c_str(), 0755);
  if (::geteuid() != 0) ::chmod((made / "objects").c_str(), 0555);
  os::unlink({FileDescriptor::cwd(), made / ".lock"});
  test::Forked child([&] {
    if (::geteuid() == 0 && !test::become_nobody()) return 1;
    const Repo repo = made.open();
    if (repo.writable()) return 2;
    if (repo.lock(os::LockMode::Exclusive).held()) return 3;
    if (error_kind([&] { repo.require_writable(); }) != ErrorKind::Io) return 4;
    return 0;
  });
  CHECK(child.wait() == 0);
  CHECK_FALSE(os::exists({FileDescriptor::cwd(), made / ".lock"}));
  if (::geteuid() != 0) ::chmod((made / "objects").c_str(), 0755);
}

TEST_CASE("an open repository can be moved") {
  const OstreeRepo made;
  const Checksum commit = made.commit("main");
  Repo first = made.open();
  Repo second = std::move(first);
  CHECK(second.has({commit, object::ObjectType::Commit}));
  Repo third = OstreeRepo().open();
  third = std::move(second);
  CHECK(third.load_commit(commit).subject.empty());
}

}  // namespace xylem::repo
