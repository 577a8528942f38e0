// What ls, cat, log, show and diff print is what ostree prints.

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/process.hpp"
#include "tree/sample_tree.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

struct Repository {
  explicit Repository(const std::string& mode) {
    make_sample_trees(dir);
    init_repository(path(), mode);
    commit("main", "tree",
           {"-s", "a subject", "-m", "a body\n\nof lines\n", "--add-metadata-string=version=1.0",
            "--add-metadata=number=uint32 5", "--add-metadata=bytes=b'abc'", "--generate-sizes",
            "--add-detached-metadata-string=note=detached"});
    commit("main", "second", {"-s", "more\nlines"});
    commit("other", "tree", {});
  }
  std::string path() const { return dir / "repo"; }

  void commit(const std::string& branch, const std::string& tree, Arguments options) const {
    options.insert(options.begin(),
                   {"commit", "-b", branch, "--timestamp=@1700000000", "--tree=dir=" + dir / tree});
    tell(Program::Ostree, path(), options);
  }

  void compare(const Arguments& arguments) const {
    CAPTURE(arguments);
    CHECK(ask(Program::Xylem, path(), arguments) == ask(Program::Ostree, path(), arguments));
  }

  /// A checksum column of `ls -C`.
  std::string checksum_of(const std::string& file) const {
    return shell(dir, "ostree --repo=repo ls -dC main^ " + file + " | awk '{print $5}'");
  }

  TempDir dir;
};

/// Lines in another order are the same: ostree lists directories of a disk as they come.
Answer sorted_answer(Program program, const std::string& repo, const Arguments& arguments) {
  Answer answer = ask(program, repo, arguments);
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < answer.text.size();) {
    const std::size_t end = answer.text.find('\n', start);
    lines.push_back(answer.text.substr(start, end - start));
    start = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  answer.text.clear();
  for (const std::string& line : lines) answer.text += line + "\n";
  return answer;
}

}  // namespace

TEST_CASE("ls") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  for (const std::string options :
       {"-R", "-RC", "-RX", "-RCX", "-d", "-dC", "-C", "--recursive", "--nul-filenames-only"}) {
    repository.compare({"ls", options, "main^"});
    repository.compare({"ls", options, "main", "/usr", "new/file", "/link"});
  }
  repository.compare({"ls", "main"});
  repository.compare({"ls", "main", "/ü"});
  repository.compare({"ls", "main^", "/ü/日本"});
  repository.compare({"ls", "main", "nothing"});
  repository.compare({"ls", "nothing"});
}

TEST_CASE("cat") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  repository.compare({"cat", "main^", "/usr/hello"});
  repository.compare({"cat", "main^", "/usr/to-hello", "usr/bin/su", "/usr/empty"});
  repository.compare({"cat", "main^", "/usr/share/numbers"});
  repository.compare({"cat", "main^", "/usr"});
  repository.compare({"cat", "main^", "/nothing"});
}

TEST_CASE("log") {
  const Repository repository("archive");
  for (const std::string rev : {"main", "main^", "other"}) {
    repository.compare({"log", rev});
    repository.compare({"log", "--raw", rev});
  }
  repository.compare({"log", "nothing"});
  const std::string first = tell(Program::Ostree, repository.path(), {"rev-parse", "main^"});
  shell(repository.dir,
        "rm repo/objects/" + first.substr(0, 2) + "/" + first.substr(2) + ".commit");
  repository.compare({"log", "main"});
}

TEST_CASE("show") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  for (const Arguments& options :
       {Arguments{}, Arguments{"--raw"}, Arguments{"-B"}, Arguments{"--raw", "-B"},
        Arguments{"--print-related"}, Arguments{"--print-sizes"},
        Arguments{"--print-metadata-key=version"}, Arguments{"--print-metadata-key=number"},
        Arguments{"--print-metadata-key=number", "-B"}, Arguments{"--print-metadata-key=none"},
        Arguments{"--print-detached-metadata-key=note"},
        Arguments{"--print-detached-metadata-key=none"}}) {
    for (const std::string rev : {"main", "main^"}) {
      Arguments arguments{"show", rev};
      arguments.insert(arguments.end(), options.begin(), options.end());
      repository.compare(arguments);
    }
  }
  for (const std::string file : {"/", "/usr", "/usr/hello", "/usr/link", "/usr/bin/su"}) {
    repository.compare({"show", repository.checksum_of(file)});
    repository.compare({"show", "--raw", repository.checksum_of(file)});
    repository.compare({"show", "-B", repository.checksum_of(file)});
  }
}

TEST_CASE("show reads files as values") {
  const Repository repository("archive");
  const std::string tree = repository.checksum_of("/");
  const std::string file =
      repository.path() + "/objects/" + tree.substr(0, 2) + "/" + tree.substr(2) + ".dirtree";
  repository.compare({"show", "--print-variant-type=(a(say)a(sayay))", file});
  CHECK_FALSE(ask(Program::Xylem, repository.path(), {"show", "--print-variant-type=(", file}).ok);
}

TEST_CASE("show lists keys") {
  const Repository repository("archive");
  const auto show = [&](const std::string& option) {
    return tell(Program::Xylem, repository.path(), {"show", option, "main^"});
  };
  CHECK(show("--list-metadata-keys") == "bytes\nnumber\nostree.ref-binding\nostree.sizes\nversion");
  CHECK(show("--list-detached-metadata-keys") == "note");
  CHECK(tell(Program::Xylem, repository.path(),
             {"show", "--print-hex", "--print-metadata-key=bytes", "main^"}) == "61626300");
}

TEST_CASE("diff of commits") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  repository.compare({"diff", "main"});
  repository.compare({"diff", "main^", "main"});
  repository.compare({"diff", "main", "other"});
  repository.compare({"diff", "main^", "other"});
  repository.compare({"diff", "--stats", "main"});
  repository.compare({"diff", "--stats", "--fs-diff", "main", "other"});
  repository.compare({"diff", "nothing"});
}

TEST_CASE("diff of commits and directories") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  const std::string tree = repository.dir / "tree";
  const std::string second = repository.dir / "second";
  for (const Arguments& arguments :
       {Arguments{"diff", "other", tree}, Arguments{"diff", "other", second},
        Arguments{"diff", tree, "main"}, Arguments{"diff", tree, second},
        Arguments{"diff", "--no-xattrs", "other", tree},
        Arguments{"diff", "--owner-uid=7", "other", tree},
        Arguments{"diff", "--owner-uid=7", "--owner-gid=9", tree, second}}) {
    CAPTURE(arguments);
    CHECK(sorted_answer(Program::Xylem, repository.path(), arguments) ==
          sorted_answer(Program::Ostree, repository.path(), arguments));
  }
}
