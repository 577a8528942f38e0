// The C interface to prune, recover, repair and transfers.

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "xylem/maintenance.h"

using namespace xylem;

namespace {

struct Fixture {
  Fixture() : repository(xylem_repository_create((dir / "repo").c_str(), "archive", nullptr)) {
    test::run_ok({"mkdir", dir / "tree"});
    for (const char* content : {"old", "new"}) {
      test::write_file(dir / "tree/file", content);
      test::run_ok({"ostree", "commit", "--repo=" + (dir / "repo"), "-b", "main",
                    "--tree=dir=" + (dir / "tree")});
    }
  }
  ~Fixture() { xylem_repository_free(repository); }

  test::TempDir dir;
  xylem_repository* repository;
  xylem_error* error = nullptr;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "C: a repository is pruned") {
  xylem_prune_options* options = xylem_prune_options_new();
  xylem_prune_options_set_refs_only(options, 1);
  xylem_prune_options_set_depth(options, 0);
  xylem_prune_result result;
  xylem_report* report = xylem_repository_prune(repository, options, nullptr, &result, &error);
  REQUIRE(report != nullptr);
  CHECK(result.objects_total == 7);
  CHECK(result.objects_pruned == 3);
  CHECK(result.bytes_freed > 0);
  CHECK(xylem_report_count(report, XYLEM_REPORT_FAILURES) == 0);
  xylem_report_free(report);

  xylem_prune_options_set_delete_commit(options, "nonsense");
  CHECK(xylem_repository_prune(repository, options, nullptr, nullptr, &error) == nullptr);
  REQUIRE(error != nullptr);
  CHECK(xylem_error_get_kind(error) == XYLEM_ERROR_INVALID_ARGUMENT);
  xylem_error_free(error);
  xylem_prune_options_free(options);
}

TEST_CASE_METHOD(Fixture, "C: left-overs are removed") {
  test::run_ok({"mkdir", dir / "repo/tmp/trash-abcdef"});
  xylem_report* report = xylem_repository_recover(repository, nullptr, &error);
  REQUIRE(report != nullptr);
  REQUIRE(xylem_report_count(report, XYLEM_REPORT_REMOVED) == 1);
  CHECK(std::string(xylem_report_text(report, XYLEM_REPORT_REMOVED, 0)) == "trash-abcdef");
  CHECK(xylem_report_text(report, XYLEM_REPORT_REMOVED, 1) == nullptr);
  xylem_report_free(report);
}

TEST_CASE_METHOD(Fixture, "C: what cannot be repaired is reported") {
  test::run_ok({"find", dir / "repo/objects", "-name", "*.filez", "-delete"});
  xylem_repair_result result;
  xylem_report* report = xylem_repository_repair(repository, nullptr, &result, &error);
  REQUIRE(report != nullptr);
  CHECK(result.good == 0);
  CHECK(result.commits_checked == 2);
  CHECK(xylem_report_count(report, XYLEM_REPORT_PROBLEMS) == 2);
  CHECK(xylem_report_count(report, XYLEM_REPORT_BROKEN) == 2);
  CHECK(xylem_report_count(report, XYLEM_REPORT_REPAIRED) == 0);
  CHECK(xylem_report_count(report, XYLEM_REPORT_FAILURES) == 2);  // there is no remote
  xylem_report_free(report);
}

TEST_CASE_METHOD(Fixture, "C: transfers are listed and dropped") {
  test::run_ok({"mkdir", dir / "repo/tmp/fetch-abcdef"});
  test::write_file(dir / "repo/tmp/fetch-abcdef/one.filez.part", "12345");
  test::write_file(dir / "repo/tmp/fetch-abcdef/pull.record",
                   R"({"remote": "origin", "refs": ["main"], "pid": 1, "bytes": 7, "started": 5,
                       "updated": 6})");
  xylem_transfers* transfers = xylem_repository_transfers(repository, &error);
  REQUIRE(transfers != nullptr);
  REQUIRE(xylem_transfers_count(transfers) == 2);
  const xylem_transfer* pull = xylem_transfers_get(transfers, 0);
  CHECK(std::strcmp(pull->kind, "pull") == 0);
  CHECK(std::strcmp(pull->state, "stale") == 0);
  CHECK(std::strcmp(pull->remote, "origin") == 0);
  CHECK(std::strcmp(pull->refs[0], "main") == 0);
  CHECK(pull->refs[1] == nullptr);
  CHECK(pull->bytes == 7);
  CHECK(pull->pid == 0);
  const xylem_transfer* object = xylem_transfers_get(transfers, 1);
  CHECK(std::strcmp(object->name, "one.filez") == 0);
  CHECK(object->bytes == 5);
  CHECK(xylem_transfers_get(transfers, 2) == nullptr);
  CHECK(xylem_repository_abort_transfer(repository, object->name, nullptr, &error) == 1);
  xylem_transfers_free(transfers);

  CHECK(xylem_repository_abort_transfer(repository, "one.filez", nullptr, &error) == 0);
  REQUIRE(error != nullptr);
  CHECK(xylem_error_get_kind(error) == XYLEM_ERROR_NOT_FOUND);
  xylem_error_free(error);
}
