#include <catch2/catch.hpp>

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "xylem/repository.hpp"

using namespace xylem;

namespace {

void commit(const test::TempDir& dir, const std::string& content) {
  test::run_ok({"mkdir", "-p", dir / "tree"});
  test::write_file(dir / "tree/file", content);
  test::run_ok({"ostree", "commit", "--repo=" + (dir / "repo"), "-b", "main",
                "--tree=dir=" + (dir / "tree")});
}

}  // namespace

TEST_CASE("a repository is pruned, recovered, and repaired as far as that can be") {
  const test::TempDir dir;
  Repository repository = Repository::create(dir / "repo", RepositoryMode::Archive);
  commit(dir, "old");
  commit(dir, "new");

  PruneOptions options;
  options.refs_only = true;
  options.depth = 0;
  options.no_prune = true;
  CHECK(repository.prune(options).objects_pruned == 3);
  options.no_prune = false;
  const PruneResult pruned = repository.prune(options);
  CHECK(pruned.objects_total == 7);
  CHECK(pruned.objects_pruned == 3);
  CHECK(pruned.bytes_freed > 0);
  CHECK(pruned.failures.empty());

  test::run_ok({"mkdir", dir / "repo/tmp/trash-abcdef"});
  CHECK(repository.recover().removed == std::vector<std::string>{"trash-abcdef"});
  CHECK(repository.recover().removed.empty());

  CHECK(repository.repair().good());
  test::run_ok({"find", dir / "repo/objects", "-name", "*.filez", "-delete"});
  const RepairResult repair = repository.repair();
  CHECK_FALSE(repair.good());
  CHECK(repair.problems.size() == 1);
  CHECK(repair.broken == std::vector<std::string>{repository.resolve("main").value()});
  CHECK(repair.failures.size() == 1);  // there is no remote
  CHECK_FALSE(repository.is_complete(repair.broken.front()));
}
