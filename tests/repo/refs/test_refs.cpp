#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "base/os/os.hpp"
#include "repo/ostree_repo.hpp"
#include "repo/refs/refs.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using object::RefSpec;
using test::OstreeRepo;
using test::write_file;

using Names = std::vector<std::string>;

const Checksum some_commit =
    Checksum::parse("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

RefSpec local(const std::string& ref) {
  return {std::nullopt, ref};
}

Names names_of(const std::map<RefSpec, RefEntry>& refs) {
  Names names;
  for (const auto& [spec, entry] : refs) names.push_back(spec.text());
  return names;
}

void write_head(const OstreeRepo& made, const std::string& ref, std::string_view content) {
  write_file(made / ("refs/heads/" + ref), content);
}

}  // namespace

TEST_CASE("refs written by ostree are found and listed") {
  const OstreeRepo made;
  const Checksum first = made.commit("main");
  const Checksum second = made.commit("os/stable/x86_64", "other");
  made.run({"refs", "--create=origin:os/main", "main"});
  const Repo repo = made.open();
  CHECK(find_ref(repo, local("main")) == first);
  CHECK(find_ref(repo, local("os/stable/x86_64")) == second);
  CHECK(find_ref(repo, RefSpec{"origin", "os/main"}) == first);
  CHECK_FALSE(find_ref(repo, local("os/main")));
  CHECK_FALSE(find_ref(repo, local("os/stable")));
  CHECK_FALSE(find_ref(repo, local("main/below")));
  CHECK(names_of(list_refs(repo)) == Names{"main", "os/stable/x86_64", "origin:os/main"});
  CHECK(remotes_with_refs(repo) == Names{"origin"});
}

TEST_CASE("a prefix selects refs as it does for ostree") {
  const OstreeRepo made;
  made.commit("os");
  for (const char* ref : {"app/a", "app/b/c", "application", "origin:app/d", "origin:x"})
    made.run({"refs", std::string("--create=") + ref, "os"});
  const Repo repo = made.open();
  for (const char* prefix : {"app", "app/b", "os", "origin:app", "origin:x", "app/a", "none"}) {
    std::string listed;
    for (const std::string& name : names_of(list_refs(repo, prefix)))
      listed += (listed.empty() ? "" : "\n") + name;
    // It leaves the remote out of the names that it lists.
    std::string theirs = made.run_sorted({"refs", "--list", prefix});
    INFO(prefix);
    CHECK(listed == theirs);
  }
  CHECK(names_of(list_refs(repo, "origin:")) == Names{"origin:app/d", "origin:x"});
  CHECK(names_of(list_refs(repo, "origin:.")) == Names{"origin:app/d", "origin:x"});
  CHECK(error_kind([&] { list_refs(repo, "../heads"); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("an alias is a ref that says whose it is") {
  const OstreeRepo made;
  const Checksum commit = made.commit("os/stable");
  made.run({"refs", "--alias", "--create=current", "os/stable"});
  made.run({"refs", "--alias", "--create=deep/er/current", "os/stable"});
  const Repo repo = made.open();
  CHECK(find_ref(repo, local("current")) == commit);
  const auto refs = list_refs(repo);
  CHECK(refs.at(local("current")).alias_of == "os/stable");
  CHECK(refs.at(local("deep/er/current")).alias_of == "os/stable");
  CHECK(refs.at(local("deep/er/current")).commit == commit);
  CHECK_FALSE(refs.at(local("os/stable")).alias_of);
}

TEST_CASE("an alias to nothing is no ref") {
  const OstreeRepo made;
  made.commit("main");
  os::symlink("nowhere", {FileDescriptor::cwd(), made / "refs/heads/lost"});
  const Repo repo = made.open();
  CHECK_FALSE(find_ref(repo, local("lost")));
  CHECK(names_of(list_refs(repo)) == Names{"main"});
}

TEST_CASE("an alias does not lead out of the repository") {
  const OstreeRepo made;
  write_file(made.beside("outside"), some_commit.hex() + "\n");
  os::symlink(made.beside("outside"), {FileDescriptor::cwd(), made / "refs/heads/absolute"});
  os::symlink("../../../outside", {FileDescriptor::cwd(), made / "refs/heads/relative"});
  const Repo repo = made.open();
  CHECK(error_kind([&] { find_ref(repo, local("absolute")); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { find_ref(repo, local("relative")); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("files that hold no checksum are corrupt refs, and named") {
  const OstreeRepo made;
  const std::string hex = some_commit.hex();
  for (const std::string& content :
       {std::string("<html>404</html>"), std::string(), std::string("\n"), hex.substr(0, 30),
        hex + "0", hex + "\n" + hex + "\n", "X" + hex.substr(1), std::string(10000, 'a'),
        hex + std::string(300, ' ') + "x"}) {
    write_head(made, "bad", content);
    const Repo repo = made.open();
    CHECK(error_kind([&] { find_ref(repo, local("bad")); }) ==
          (content.starts_with(hex + "  ") ? std::nullopt : std::optional(ErrorKind::Corrupt)));
  }
  write_head(made, "bad", "<html>404</html>");
  const Repo repo = made.open();
  CHECK_THROWS_WITH(find_ref(repo, local("bad")),
                    Catch::Contains("refs/heads/bad") && Catch::Contains("<html>"));
  CHECK_THROWS_WITH(list_refs(repo), Catch::Contains("refs/heads/bad"));
}

TEST_CASE("a ref needs no newline, and may have more than one") {
  const OstreeRepo made;
  for (const char* ending : {"", "\n", "\r\n", "\n\n", "  \t"}) {
    write_head(made, "ref", some_commit.hex() + ending);
    CHECK(find_ref(made.open(), local("ref")) == some_commit);
  }
}

TEST_CASE("a bad ref need not hide the others") {
  const OstreeRepo made;
  made.commit("good");
  write_head(made, "bad", "garbage");
  ::mkfifo((made / "refs/heads/pipe").c_str(), 0600);
  Names bad;
  const auto refs = list_refs(made.open(), {}, [&](const RefSpec& spec, const Error& error) {
    CHECK(error.kind() == ErrorKind::Corrupt);
    bad.push_back(spec.text());
  });
  CHECK(names_of(refs) == Names{"good"});
  CHECK(bad == Names{"bad", "pipe"});
}

TEST_CASE("names that no ref can have are passed over") {
  const OstreeRepo made;
  made.commit("main");
  write_head(made, ".rsync_info", "whatever");
  write_head(made, "-dash", "whatever");
  os::make_dir({FileDescriptor::cwd(), made / "refs/heads/.hidden"}, 0755);
  write_head(made, ".hidden/ref", "whatever");
  CHECK(names_of(list_refs(made.open())) == Names{"main"});
}

TEST_CASE("only names that a ref can have are looked for") {
  const Repo repo = OstreeRepo().open();
  for (const char* name : {"", ".", "..", "../../config", "a//b", "/a", "a/", "a b", "-a"})
    CHECK(error_kind([&] { find_ref(repo, local(name)); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] {
          find_ref(repo, RefSpec{"../heads", "a"});
        }) == ErrorKind::InvalidArgument);
}

TEST_CASE("refs of parents are found but not listed") {
  const OstreeRepo below;
  const Checksum commit = below.commit("main");
  const OstreeRepo above;
  above.run({"config", "set", "core.parent", below.path()});
  const Repo repo = above.open();
  CHECK(find_ref(repo, local("main")) == commit);
  CHECK(list_refs(repo).empty());
  CHECK(above.run({"refs"}).empty());
  CHECK(above.run({"rev-parse", "main"}) == commit.hex());
}

// Whoever takes no refs for all refs may delete what they keep: libostree refuses, too.
TEST_CASE("a repository without the directories of refs is damaged") {
  const OstreeRepo made;
  made.run({"config", "set", "core.fsync", "true"});
  for (const char* dir : {"refs/remotes", "refs/mirrors", "refs/heads", "refs"})
    os::remove_dir({FileDescriptor::cwd(), made / dir});
  Repo repo = made.open();
  CHECK_THROWS_WITH(list_refs(repo), Catch::Contains("refs/remotes"));
  CHECK(list_collection_refs(repo).empty());
  write_ref(repo, local("main"), some_commit);
  CHECK(find_ref(repo, local("main")) == some_commit);
}

TEST_CASE("several threads read refs of one repository") {
  const OstreeRepo made;
  const Checksum commit = made.commit("os/main");
  const Repo repo = made.open();
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round)
        if (resolve_rev(repo, "os/main") == commit && list_refs(repo).size() == 1 &&
            repo.load_commit(commit).subject.empty() && repo.remote_names().empty())
          ++good;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 200);
}

}  // namespace xylem::repo
