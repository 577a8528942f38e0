// Trees that libostree 2026.4 committed must give the same checksums, sizes included.

#include <catch2/catch.hpp>

#include "support/process.hpp"
#include "tree/sample_tree.hpp"

using namespace xylem;
using namespace xylem::test;

TEST_CASE("the commits of 2026.4 come out again") {
  if (!is_root()) {
    WARN("skipped: unpacking the trees with their owners needs root");
    return;
  }
  const TempDir dir;
  run_ok({"tar", "--xattrs", "--xattrs-include=user.*", "-xJf",
          TEST_DATA_DIR "/ostree-2026.4/trees.tar.xz", "-C", dir.path()});
  run_ok({"tar", "-xJf", TEST_DATA_DIR "/ostree-2026.4/repo.tar.xz", "-C", dir.path()});
  const std::string repo = dir / "new";
  init_repository(repo, "archive");

  const auto commit = [&](const std::string& tree, Arguments arguments) {
    arguments.insert(arguments.begin(),
                     {"commit", "-b", "os/test", "--owner-uid=0", "--owner-gid=0",
                      "--generate-sizes", "--tree=dir=" + dir / tree});
    return tell(Program::Xylem, repo, arguments);
  };
  const std::string first =
      commit("t1", {"-s", "one", "-m", "first", "--timestamp=2026-01-01 00:00:00 +0000",
                    "--add-metadata-string=version=1.0"});
  const std::string second = commit("t2", {"-s", "two", "--timestamp=2026-02-01 00:00:00 +0000",
                                           "--add-metadata-string=version=2.0"});
  CHECK(tell(Program::Ostree, dir / "repo", {"rev-parse", "os/test"}) == second);
  CHECK(tell(Program::Ostree, dir / "repo", {"rev-parse", "os/test^"}) == first);

  const Bytes listing = read_file(TEST_DATA_DIR "/ostree-2026.4/ls-second-commit.txt");
  CHECK(tell(Program::Xylem, dir / "repo", {"ls", "-R", "-C", "-X", second}) + "\n" ==
        std::string(as_text(listing)));
}
