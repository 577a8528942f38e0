// The same tree, time and options must give the commit that ostree makes of them.

#include <catch2/catch.hpp>

#include "support/process.hpp"
#include "tree/sample_tree.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

constexpr char timestamp[] = "--timestamp=@1700000000";

/// Sample trees and a repository of each program.
struct Workshop {
  explicit Workshop(const std::string& mode) {
    make_sample_trees(dir);
    for (const Program program : {Program::Xylem, Program::Ostree}) {
      init_repository(repo(program), mode);
      tell(Program::Ostree, repo(program), {"config", "set", "core.collection-id", "org.test.Os"});
    }
  }

  std::string repo(Program program) const {
    return dir / (program == Program::Xylem ? "xylem" : "ostree");
  }
  std::string tree(const std::string& name = "tree") const { return "--tree=dir=" + dir / name; }

  /// Has both programs commit, and gives what both say.
  std::string commit(Arguments arguments) const {
    arguments.insert(arguments.begin(), {"commit", timestamp});
    const std::string expected = tell(Program::Ostree, repo(Program::Ostree), arguments);
    CHECK(tell(Program::Xylem, repo(Program::Xylem), arguments) == expected);
    return expected;
  }

  void check_repository() const {
    CHECK_NOTHROW(tell(Program::Ostree, repo(Program::Xylem), {"fsck", "-q"}));
  }

  TempDir dir;
};

}  // namespace

TEST_CASE("a plain commit is the same in every mode") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Workshop shop(mode);
  shop.commit({"-b", "os/test", "-s", "one", "-m", "first\nbody", shop.tree()});
  shop.commit({"-b", "os/test", "-s", "two", shop.tree("second")});
  shop.check_repository();
}

TEST_CASE("options that change files") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Workshop shop(mode);
  write_file(shop.dir / "statoverride",
             "2048 /usr/hello\n=420 /usr/bin/su\n512 /empty\n=448 /closed\n64 /\n");
  write_file(shop.dir / "skip", "/usr/share\n/ü/ß\n\n/usr/link\n");
  const std::vector<Arguments> variants{
      {"--owner-uid=0", "--owner-gid=0"},
      {"--owner-uid=1000"},
      {"--no-xattrs"},
      {"--canonical-permissions"},
      {"--canonical-permissions", "--owner-uid=0"},
      {"--mode-ro-executables"},
      {"--skip-list=" + shop.dir / "skip"},
      {"--generate-sizes"},
      {"--generate-sizes", "--owner-uid=0", "--no-xattrs"},
      {"--link-checkout-speedup"},
      {"--fsync=false"},
  };
  for (Arguments variant : variants) {
    CAPTURE(variant);
    variant.insert(variant.end(), {"-b", "os/test", shop.tree()});
    shop.commit(variant);
  }
  // A bare-user-only repository cannot keep what this asks for.
  if (mode != "bare-user-only")
    shop.commit({"-b", "os/test", "--statoverride=" + shop.dir / "statoverride", shop.tree()});
  shop.check_repository();
}

TEST_CASE("options that say things about the commit") {
  const Workshop shop("archive");
  write_file(shop.dir / "body", "a body\nof two lines\n");
  const std::string first =
      shop.commit({"-b", "a", "--add-metadata-string=version=1.0", "--add-metadata=list=['x', 'y']",
                   "--add-metadata=number=uint64 7", shop.tree("second")});
  shop.commit({"-b", "a", "--keep-metadata=version", "--keep-metadata=number",
               "--add-metadata-string=b=2", shop.tree()});
  shop.commit({"-b", "a", "--bind-ref=z", "--bind-ref=b/c", shop.tree()});
  shop.commit({"-b", "a", "--no-bindings", shop.tree()});
  shop.commit({"--orphan", shop.tree()});
  shop.commit({"--orphan", "--bind-ref=x", shop.tree()});
  shop.commit({"-b", "a", "--parent=none", shop.tree()});
  shop.commit({"-b", "a", "--parent=" + first, "-F", shop.dir / "body", shop.tree()});
  shop.commit(
      {"-b", "a", "--add-metadata-string=ostree.collection-binding=org.other.Os", shop.tree()});
  shop.commit({"-b", "a", "--bootable", "--add-metadata-string=version=2", shop.tree()});
  shop.commit({"-b", "some:ref", shop.tree()});
  shop.check_repository();
}

TEST_CASE("a key that is given twice is kept twice") {
  const Workshop shop("archive");
  shop.commit({"-b", "a", "--add-metadata-string=k=1", shop.tree()});
  const std::vector<Arguments> variants{
      {"--add-metadata-string=k=2", "--keep-metadata=k", "--keep-metadata=k"},
      {"--add-metadata-string=k=1", "--add-metadata-string=k=1"},
      {"--add-metadata=k=uint32 2", "--add-metadata-string=k=1"},
      {"--keep-metadata=ostree.ref-binding", "--keep-metadata=k"},
      {"--add-metadata-string=ostree.ref-binding=x", "--bind-ref=q"},
      {"--add-metadata-string=ostree.sizes=x", "--generate-sizes"},
      {"--add-metadata-string=k=3", "--add-metadata-string=k=4", "--bootable"},
      {"--add-detached-metadata-string=k=1", "--add-detached-metadata-string=k=2"},
  };
  for (Arguments variant : variants) {
    CAPTURE(variant);
    variant.insert(variant.end(), {"-b", "a", shop.tree()});
    shop.commit(variant);
  }
  shop.check_repository();
}

TEST_CASE("detached metadata is stored beside the commit") {
  const Workshop shop("archive");
  const std::string commit = shop.commit({"-b", "a", "--add-detached-metadata-string=k=v",
                                          "--add-detached-metadata-string=l=w", shop.tree()});
  const Arguments show{"show", "--print-detached-metadata-key=l", commit};
  CHECK(tell(Program::Ostree, shop.repo(Program::Xylem), show) == "'w'");
}

TEST_CASE("trees laid over each other") {
  const std::string mode = GENERATE("archive", "bare-user", "bare-user-only");
  INFO(mode);
  const Workshop shop(mode);
  shop.commit({"-b", "one", shop.tree()});
  shop.commit({"-b", "two", shop.tree("second")});
  const std::vector<Arguments> variants{
      {shop.tree(), shop.tree("second")},
      {"--generate-sizes", shop.tree(), shop.tree("second")},
      {"--tree=ref=one"},
      {"--tree=ref=one", "--tree=ref=two"},
      {"--tree=ref=one", shop.tree("second")},
      {"--tree=ref=one", "--tree=ref=two", "--owner-uid=7", "--owner-gid=8"},
      {"--tree=ref=one", "--canonical-permissions"},
      {"--tree=ref=one", "--no-xattrs", "--generate-sizes"},
      {"--base=one", shop.tree("second")},
      {"--base=one", "--generate-sizes", shop.tree("second")},
      {"--base=one", "--tree=ref=two"},
  };
  for (Arguments variant : variants) {
    CAPTURE(variant);
    variant.insert(variant.end(), {"-b", "both"});
    shop.commit(variant);
  }
  shop.check_repository();
}

TEST_CASE("a file over a directory is refused as ostree refuses it") {
  const Workshop shop("archive");
  shell(shop.dir, "mkdir third; echo > third/usr; mkdir -p fourth/usr/hello");
  for (const std::string other : {"third", "fourth"}) {
    const Arguments arguments{"commit", "-b", "a", shop.tree(), shop.tree(other)};
    std::string phrase = ask(Program::Ostree, shop.repo(Program::Ostree), arguments).text;
    phrase.erase(phrase.find_last_not_of('\n') + 1);
    // Ours goes on with the path in the tree.
    CHECK(ask(Program::Xylem, shop.repo(Program::Xylem), arguments).text.starts_with(phrase));
  }
}

TEST_CASE("timestamps are read as ostree reads them") {
  const Workshop shop("archive");
  for (const std::string text :
       {"@0", "@1700000000", "2026-01-02", "2026-01-02 03:04:05", "2026-01-02T03:04:05Z",
        "2026-01-02 03:04:05.678 +0100", "2026-01-02 03:04 UTC", "Fri, 02 Jan 2026 03:04:05 +0000",
        "Fri Jan  2 03:04:05 UTC 2026", "2 Jan 2026", "1/2/2026", "2026-01-02T03:04:05+01:30"}) {
    CAPTURE(text);
    const Arguments arguments{"commit", "--orphan", "--timestamp=" + text, shop.tree("second")};
    const std::string expected = tell(Program::Ostree, shop.repo(Program::Ostree), arguments);
    CHECK(tell(Program::Xylem, shop.repo(Program::Xylem), arguments) == expected);
  }
  const Answer refused = ask(Program::Xylem, shop.repo(Program::Xylem),
                             {"commit", "--orphan", "--timestamp=noon-ish", shop.tree()});
  CHECK(refused.text == "error: Could not parse 'noon-ish'\n");
}

TEST_CASE("the time of a commit can come from the environment") {
  const Workshop shop("archive");
  ::setenv("SOURCE_DATE_EPOCH", "1234567890", 1);
  const Arguments arguments{"commit", "--orphan", shop.tree("second")};
  const std::string expected = tell(Program::Ostree, shop.repo(Program::Ostree), arguments);
  CHECK(tell(Program::Xylem, shop.repo(Program::Xylem), arguments) == expected);
  ::setenv("SOURCE_DATE_EPOCH", "soon", 1);
  CHECK(ask(Program::Xylem, shop.repo(Program::Xylem), arguments).text ==
        "error: Failed to convert SOURCE_DATE_EPOCH 'soon'\n");
  ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("an unchanged tree makes no commit when asked") {
  const Workshop shop("archive");
  const std::string first = shop.commit({"-b", "a", shop.tree()});
  CHECK(shop.commit({"-b", "a", "--skip-if-unchanged", "-s", "other", shop.tree()}) == first);
  CHECK(shop.commit({"-b", "a", "--skip-if-unchanged", shop.tree("second")}) != first);
}

TEST_CASE("the table counts as ostree counts") {
  const Workshop shop("archive");
  shop.commit({"-b", "a", "--table-output", shop.tree()});
  shop.commit({"-b", "b", "--table-output", shop.tree()});
  shop.commit({"-b", "c", "--table-output", shop.tree(), shop.tree("second")});
}

TEST_CASE("consumed trees are gone") {
  const Workshop shop("bare-user");
  shell(shop.dir, "cp -a tree copy");
  const std::string repo = shop.repo(Program::Xylem);
  tell(Program::Xylem, repo, {"commit", "-b", "a", timestamp, "--consume", shop.tree("copy")});
  CHECK_THROWS(shell(shop.dir, "test -e copy"));
  tell(Program::Xylem, repo, {"commit", "-b", "b", timestamp, shop.tree()});
  CHECK(tell(Program::Ostree, repo, {"ls", "-RCX", "a"}) ==
        tell(Program::Ostree, repo, {"ls", "-RCX", "b"}));
}

TEST_CASE("hard links into the repository are recognised") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Workshop shop(mode);
  shop.commit({"-b", "a", shop.tree()});
  const Arguments user_mode = mode == "bare" ? Arguments{} : Arguments{"-U"};
  for (const Program program : {Program::Xylem, Program::Ostree}) {
    Arguments checkout{"checkout", "a", shop.repo(program) + "-out"};
    checkout.insert(checkout.end(), user_mode.begin(), user_mode.end());
    tell(Program::Ostree, shop.repo(program), checkout);
  }
  const auto commit = [&](Program program, const Arguments& options) {
    Arguments arguments{"commit", timestamp, "-b", "again",
                        "--tree=dir=" + shop.repo(program) + "-out"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return tell(program, shop.repo(program), arguments);
  };
  for (const Arguments& options :
       {Arguments{"--link-checkout-speedup"}, Arguments{"--link-checkout-speedup", "--owner-uid=5"},
        Arguments{"--devino-canonical"}, Arguments{"--link-checkout-speedup", "--no-xattrs"}}) {
    CAPTURE(options);
    CHECK(commit(Program::Xylem, options) == commit(Program::Ostree, options));
  }
  shop.check_repository();
}

TEST_CASE("what cannot be committed is refused") {
  const Workshop shop("archive");
  const std::string repo = shop.repo(Program::Xylem);
  const auto refusal = [&](Arguments arguments) {
    arguments.insert(arguments.begin(), {"commit", "-b", "a"});
    const Answer answer = ask(Program::Xylem, repo, arguments);
    CHECK_FALSE(answer.ok);
    return answer.text;
  };
  shell(shop.dir, "mkdir pipe names; mkfifo pipe/p; touch names/\"$(printf 'b\\377d')\"");
  CHECK(refusal({shop.tree("pipe")}) == "error: Unsupported file type for file: '/p'\n");
  CHECK(refusal({shop.tree("names")}).find("Invalid UTF-8 in filename") != std::string::npos);
  CHECK(refusal({shop.tree("missing")}).find("No such file or directory") != std::string::npos);
  CHECK(refusal({"--tree=what"}) == "error: Missing type in tree specification 'what'\n");
  CHECK(refusal({"--tree=what=x"}) == "error: Invalid tree type specification 'what'\n");
  CHECK(refusal({"--gpg-sign=nobody", shop.tree()}).find("No secret key") != std::string::npos);
  CHECK(refusal({"--sign=AAAA", shop.tree()}).find("ed25519 secret key") != std::string::npos);
  CHECK(refusal({"--canonical-permissions", "--owner-gid=5", shop.tree()}) ==
        "error: Cannot specify both --canonical-permissions and non-zero --owner-gid\n");
  write_file(shop.dir / "list", "/nothing/here\n");
  CHECK(refusal({"--skip-list=" + shop.dir / "list", shop.tree()}) ==
        "error: Unmatched skip-list paths: /nothing/here\n");
  CHECK(tell(Program::Ostree, repo, {"refs"}).empty());
}
