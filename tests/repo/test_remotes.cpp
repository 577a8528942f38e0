#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "repo/ostree_repo.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using test::OstreeRepo;
using test::write_file;

using Names = std::vector<std::string>;

RepoOptions with_remotes_dir(const OstreeRepo& made) {
  return {made.beside("remotes.d")};
}

std::string text_of(const std::string& path) {
  return std::string(as_text(test::read_file(path)));
}

void write_remotes_file(const OstreeRepo& made, const std::string& name, std::string_view text) {
  os::make_dir({FileDescriptor::cwd(), made.beside("remotes.d")}, 0755);
  write_file(made.beside("remotes.d/" + name), text);
}

}  // namespace

TEST_CASE("remotes added by ostree are found") {
  const OstreeRepo made;
  made.run({"remote", "add", "--no-gpg-verify", "--set=branches=a;b;", "origin",
            "https://example.org/repo", "os/main"});
  made.run({"remote", "add", "--if-not-exists", "--collection-id=org.example.Os", "a-mirror",
            "file:///srv/repo"});
  const Repo repo = made.open();
  CHECK(repo.remote_names() == Names{"a-mirror", "origin"});
  CHECK(repo.remote("origin").url == "https://example.org/repo");
  CHECK_FALSE(repo.remote("origin").gpg_verify);
  CHECK(repo.remote("a-mirror").collection_id == "org.example.Os");
  CHECK(repo.remote("a-mirror").local_path() == "/srv/repo");
}

TEST_CASE("ostree finds remotes added by us") {
  const OstreeRepo made;
  Repo repo = made.open();
  repo.set_remote("origin", {{"url", "https://example.org/a;b,c"}, {"gpg-verify", "false"}});
  CHECK(repo.remote("origin").url == "https://example.org/a;b,c");
  CHECK(made.run({"remote", "show-url", "origin"}) == "https://example.org/a;b,c");
  repo.set_remote("origin", {{"url", "https://example.org/new"}});
  CHECK(made.run({"remote", "show-url", "origin"}) == "https://example.org/new");
  CHECK_FALSE(repo.remote("origin").gpg_verify);
  CHECK(repo.remove_remote("origin"));
  CHECK_FALSE(repo.remove_remote("origin"));
  CHECK(made.run({"remote", "list"}).empty());
}

TEST_CASE("unknown remotes are not found") {
  const Repo repo = OstreeRepo().open();
  CHECK_FALSE(repo.has_remote("none"));
  CHECK(error_kind([&] { repo.remote("none"); }) == ErrorKind::NotFound);
  CHECK(error_kind([&] { repo.remote_key_file("none"); }) == ErrorKind::NotFound);
}

TEST_CASE("remotes are not given names or values that make no sense") {
  const OstreeRepo made;
  Repo repo = made.open();
  const auto refused = [&](const std::string& name, const std::string& key,
                           const std::string& value) {
    return error_kind([&] { repo.set_remote(name, {{key, value}}); }) == ErrorKind::InvalidArgument;
  };
  CHECK(refused("a/b", "url", "x"));
  CHECK(refused("a\"]\n[core", "url", "x"));
  CHECK(refused("origin", "gpg-verify", "perhaps"));
  CHECK(refused("origin", "a=b", "x"));
  CHECK(repo.remote_names().empty());
  CHECK(made.open().remote_names().empty());
}

TEST_CASE("remotes.d adds to config") {
  const OstreeRepo made;
  made.run({"remote", "add", "origin", "https://example.org/origin"});
  write_remotes_file(made, "b.conf", "[remote \"b\"]\nurl=https://example.org/b\n");
  write_remotes_file(made, "c.conf", "[remote \"c\"]\nurl=https://example.org/c\n");
  write_remotes_file(made, "d.conf.rpmsave", "no key file at all");
  Repo repo = Repo::open(made.path(), with_remotes_dir(made));
  CHECK(repo.remote_names() == Names{"b", "c", "origin"});
  CHECK(repo.remote("b").url == "https://example.org/b");
  CHECK(made.open().remote_names() == Names{"origin"});

  CHECK(repo.remove_remote("b"));
  CHECK_FALSE(os::exists({FileDescriptor::cwd(), made.beside("remotes.d/b.conf")}));
  repo.set_remote("c", {{"proxy", "http://proxy"}});
  CHECK(Repo::open(made.path(), with_remotes_dir(made)).remote("c").proxy == "http://proxy");
  CHECK(made.open().remote_names() == Names{"origin"});
}

TEST_CASE("a missing remotes.d is an empty one, made when it is needed") {
  const OstreeRepo made;
  made.run({"config", "set", "core.add-remotes-config-dir", "true"});
  Repo repo = Repo::open(made.path(), with_remotes_dir(made));
  CHECK(repo.remote_names().empty());
  repo.set_remote("new", {{"url", "https://example.org/new"}});
  CHECK(repo.remote_names() == Names{"new"});
  CHECK(os::exists({FileDescriptor::cwd(), made.beside("remotes.d/new.conf")}));
  CHECK(made.run({"remote", "list"}).empty());
}

TEST_CASE("a remote must be defined once") {
  const OstreeRepo made;
  made.run({"remote", "add", "origin", "https://example.org/origin"});
  write_remotes_file(made, "origin.conf", "[remote \"origin\"]\nurl=https://example.org/other\n");
  Repo repo = Repo::open(made.path(), with_remotes_dir(made));
  const auto names_both = Catch::Matches(".*config and .*origin\\.conf.*");
  CHECK_THROWS_WITH(repo.remote("origin"), names_both);
  CHECK_THROWS_WITH(repo.set_remote("origin", {{"url", "x"}}), names_both);
  CHECK_THROWS_WITH(repo.remove_remote("origin"), names_both);
  CHECK(repo.remote_names() == Names{"origin"});
}

TEST_CASE("a file in remotes.d that cannot be parsed keeps nobody from the other remotes") {
  const OstreeRepo made;
  write_remotes_file(made, "bad.conf", "url=without a group\n");
  write_remotes_file(made, "good.conf", "[remote \"good\"]\nurl=https://example.org/\n");
  const Repo repo = Repo::open(made.path(), with_remotes_dir(made));
  CHECK(repo.remote("good").url == "https://example.org/");
  CHECK_THROWS_WITH(repo.remote("bad"), Catch::Contains("bad.conf"));
}

TEST_CASE("a change goes to the file that holds the remote, and keeps what it does not name") {
  const OstreeRepo made;
  write_remotes_file(made, "one.conf",
                     "# ours\n[remote \"one\"]\nurl=https://example.org/\n# why\n"
                     "sign-verify=ed25519\nfuture-key=7\n");
  Repo repo = Repo::open(made.path(), with_remotes_dir(made));
  const std::string config = text_of(made / "config");
  repo.set_remote("one", {{"url", "https://example.org/new"}});
  CHECK(text_of(made / "config") == config);
  CHECK(text_of(made.beside("remotes.d/one.conf")) ==
        "# ours\n\n[remote \"one\"]\nurl=https://example.org/new\n# why\n"
        "sign-verify=ed25519\nfuture-key=7\n");
}

TEST_CASE("a remote takes what it does not say from the parent's of that name") {
  const OstreeRepo below;
  below.run({"remote", "add", "--no-gpg-verify", "--set=proxy=http://proxy", "origin",
             "https://example.org/below"});
  below.run({"remote", "add", "only-below", "https://example.org/only"});
  const OstreeRepo above;
  above.run({"config", "set", "core.parent", below.path()});
  Repo repo = above.open();
  repo.set_remote("origin", {{"url", "https://example.org/above"}});
  CHECK(repo.remote_names() == Names{"only-below", "origin"});
  CHECK(repo.remote("origin").url == "https://example.org/above");
  CHECK(repo.remote("origin").proxy == "http://proxy");
  CHECK(repo.remote("origin").gpg_verify);  // A parent never makes it less strict.
  CHECK(repo.remote("only-below").url == "https://example.org/only");
  CHECK_FALSE(repo.remove_remote("only-below"));
}

}  // namespace xylem::repo
