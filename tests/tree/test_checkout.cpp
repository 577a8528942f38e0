// A checkout by one program must be, file by file, that of the other.

#include <catch2/catch.hpp>

#include <algorithm>

#include "support/process.hpp"
#include "tree/sample_tree.hpp"

using namespace xylem;
using namespace xylem::test;

namespace {

/// A repository with two commits, "first" and "second".
struct Repository {
  explicit Repository(const std::string& mode, Program maker = Program::Ostree) {
    make_sample_trees(dir);
    init_repository(path(), mode);
    for (const auto& [branch, tree] : {std::pair("first", "tree"), std::pair("second", "second")})
      tell(maker, path(), {"commit", "-b", branch, std::string("--tree=dir=") + dir / tree});
  }
  std::string path() const { return dir / "repo"; }

  /// Runs the same checkouts with both programs, each into a directory of its own, and compares
  /// what they say and what is there.
  void compare(const std::vector<Arguments>& steps) const {
    std::vector<std::vector<std::string>> trees;
    std::vector<Answer> answers;
    for (const Program program : {Program::Xylem, Program::Ostree}) {
      for (Arguments step : steps) {
        step.insert(step.begin(), "checkout");
        step.push_back(dir / "out");
        const Answer answer = ask(program, path(), step);
        answers.push_back({answer.ok, answer.ok ? answer.text : ""});
      }
      trees.push_back(snapshot(dir / "out"));
      // Only directories: files are links of objects.
      shell(dir, "test -d out && find out -type d -exec chmod u+rwx {} +; rm -rf out");
    }
    // What a refused checkout leaves half made is nobody's business.
    const bool all_ok =
        std::all_of(answers.begin(), answers.end(), [](const Answer& answer) { return answer.ok; });
    if (all_ok) CHECK(differences(trees[0], trees[1]) == Arguments{});
    const auto middle = answers.begin() + static_cast<std::ptrdiff_t>(steps.size());
    CHECK(std::vector(answers.begin(), middle) == std::vector(middle, answers.end()));
  }

  TempDir dir;
};

/// bare cannot be checked out with owners unless we are root.
std::vector<Arguments> user_modes() {
  std::vector<Arguments> modes{{"-U"}};
  if (is_root()) modes.push_back({});
  return modes;
}

}  // namespace

TEST_CASE("plain checkouts are the same") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  const Program maker = GENERATE(Program::Ostree, Program::Xylem);
  INFO(mode);
  const Repository repository(mode, maker);
  for (const Arguments& user : user_modes()) {
    for (Arguments options : {Arguments{}, Arguments{"-C"}, Arguments{"-M"}, Arguments{"-z"},
                              Arguments{"--disable-cache"}, Arguments{"--whiteouts"}}) {
      // Without new options ostree fills its cache of unpacked objects, which we do without.
      if (mode == "archive" && options.empty()) options.push_back("--disable-cache");
      options.insert(options.end(), user.begin(), user.end());
      CAPTURE(options);
      options.push_back("first");
      repository.compare({options});
    }
  }
}

TEST_CASE("hard links where they are required") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  for (const Arguments& user : user_modes()) {
    Arguments options{"-H"};
    options.insert(options.end(), user.begin(), user.end());
    CAPTURE(options);
    options.push_back("first");
    repository.compare({options});
  }
}

TEST_CASE("checkouts over each other") {
  const std::string mode = GENERATE(from_range(writable_modes()));
  INFO(mode);
  const Repository repository(mode);
  for (const Arguments& user : user_modes()) {
    for (const std::string option : {"--union", "--union-add", ""}) {
      CAPTURE(option, user);
      Arguments first{"--disable-cache", "first"};
      Arguments second{"--disable-cache", "second"};
      first.insert(first.begin(), user.begin(), user.end());
      second.insert(second.begin(), user.begin(), user.end());
      if (!option.empty()) second.insert(second.begin(), option);
      repository.compare({first, second});
      repository.compare({first, second, second});
    }
  }
}

TEST_CASE("identical files may meet") {
  const Repository repository("bare-user");
  const Arguments again{"-UH", "--union-identical", "first"};
  repository.compare({{"-UH", "first"}, again});
  repository.compare({{"-UH", "first"}, {"-UH", "--union-identical", "second"}});
}

TEST_CASE("parts of a commit") {
  const Repository repository("bare-user");
  repository.compare({{"-U", "--subpath=/usr", "first"}});
  repository.compare({{"-U", "--subpath=usr/share", "first"}});
  repository.compare({{"-U", "--subpath=/usr/hello", "first"}});
  repository.compare({{"-U", "--subpath=/usr/link", "first"}});
  repository.compare({{"-U", "--subpath=/nothing", "first"}});
  repository.compare({{"-U", "--subpath=/nothing", "--allow-noent", "first"}});
  write_file(repository.dir / "skip", "/usr/share/\n/usr/hello\n/ü/ß\n/empty/\n");
  repository.compare({{"-U", "--skip-list=" + repository.dir / "skip", "first"}});
}

TEST_CASE("many checkouts at once") {
  const Repository repository("bare-user");
  const std::string list = std::string("first\0/usr\0second\0/usr\0", 24);
  write_file(repository.dir / "list", list);
  for (const std::string name : {"xylem", "ostree"}) {
    const Program program = name == "xylem" ? Program::Xylem : Program::Ostree;
    tell(program, repository.path(),
         {"checkout", "-U", "--union", "--from-file=" + repository.dir / "list",
          repository.dir / name});
  }
  CHECK(differences(snapshot(repository.dir / "xylem"), snapshot(repository.dir / "ostree")) ==
        Arguments{});
}

TEST_CASE("whiteouts remove what was there") {
  const Repository repository("bare-user");
  shell(repository.dir, R"(
    mkdir -p third/usr/share third/empty
    : > third/usr/.wh.hello; : > third/usr/share/.wh..wh..opq; echo new > third/usr/share/new
    mkdir fourth; echo file > fourth/usr
  )");
  for (const std::string name : {"third", "fourth"})
    tell(Program::Ostree, repository.path(),
         {"commit", "-b", name, "--tree=dir=" + repository.dir / name});
  for (const std::string name : {"third", "fourth"})
    repository.compare({{"-U", "first"}, {"-U", "--union", "--whiteouts", name}});
}

TEST_CASE("objects of a parent repository are linked too") {
  const Repository repository("bare-user");
  init_repository(repository.dir / "child", "bare-user");
  tell(Program::Ostree, repository.dir / "child",
       {"config", "set", "core.parent", repository.path()});
  const std::string commit = tell(Program::Ostree, repository.path(), {"rev-parse", "first"});
  tell(Program::Xylem, repository.dir / "child",
       {"checkout", "-UH", commit, repository.dir / "out"});
  tell(Program::Ostree, repository.path(), {"checkout", "-UH", "first", repository.dir / "same"});
  CHECK(differences(snapshot(repository.dir / "out"), snapshot(repository.dir / "same")) ==
        Arguments{});
}

TEST_CASE("bad options are refused as ostree refuses them") {
  const Repository repository("archive");
  for (const Arguments& arguments :
       {Arguments{"checkout", "-H", "-C", "first", "x"},
        Arguments{"checkout", "--union", "--union-add", "first", "x"},
        Arguments{"checkout", "--union-identical", "first", "x"},
        Arguments{"checkout", "--fsync=maybe", "first", "x"}, Arguments{"checkout", "nothing", "x"},
        Arguments{"checkout", "-H", "first", repository.dir / "x"}}) {
    CAPTURE(arguments);
    const Answer ours = ask(Program::Xylem, repository.path(), arguments);
    CHECK_FALSE(ours.ok);
    shell(repository.dir, "rm -rf x");
    CHECK(ours.text == ask(Program::Ostree, repository.path(), arguments).text);
    shell(repository.dir, "rm -rf x");
  }
}
