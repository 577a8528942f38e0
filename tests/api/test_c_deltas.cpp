// The C interface to static deltas.

#include <catch2/catch.hpp>
#include <string>

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "xylem/deltas.h"

using namespace xylem;

namespace {

/// An archive repository with two commits, and another one with the first of them.
struct Fixture {
  Fixture() {
    test::run_ok({"sh", "-euc", "cd " + dir.path() + R"(
      mkdir tree
      ostree --repo=repo init --mode=archive
      ostree --repo=client init --mode=bare-user
      cp /bin/true tree/program
      ostree --repo=repo commit -b main --tree=dir=tree
      ostree --repo=client pull-local repo main
      echo more >> tree/program
      ostree --repo=repo commit -b main --tree=dir=tree)"});
    server = xylem_repository_open((dir / "repo").c_str(), &error);
    client = xylem_repository_open((dir / "client").c_str(), &error);
    second = test::run_ok({"ostree", "--repo=" + (dir / "repo"), "rev-parse", "main"});
    name =
        test::run_ok({"ostree", "--repo=" + (dir / "repo"), "rev-parse", "main^"}) + "-" + second;
  }
  ~Fixture() {
    xylem_repository_free(server);
    xylem_repository_free(client);
    xylem_error_free(error);
  }

  test::TempDir dir;
  xylem_error* error = nullptr;
  xylem_repository* server = nullptr;
  xylem_repository* client = nullptr;
  std::string second;
  std::string name;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "C: a delta is made, listed, applied and deleted") {
  xylem_delta_options* options = xylem_delta_options_new("main");
  xylem_delta_options_set_jobs(options, 1);
  xylem_delta_result made;
  REQUIRE(xylem_repository_generate_delta(server, options, nullptr, &made, &error) == 1);
  CHECK(made.existed == 0);
  CHECK(made.parts == 1);
  CHECK(made.fallbacks == 0);
  CHECK(made.copied_files + made.patched_files == 1);
  CHECK(made.size < made.loose_size);

  xylem_delta_options_set_if_not_exists(options, 1);
  REQUIRE(xylem_repository_generate_delta(server, options, nullptr, &made, &error) == 1);
  CHECK(made.existed == 1);

  xylem_delta_options_set_if_not_exists(options, 0);
  xylem_delta_options_set_filename(options, (dir / "update").c_str());
  xylem_delta_options_set_inline(options, 1);
  REQUIRE(xylem_repository_generate_delta(server, options, nullptr, nullptr, &error) == 1);
  xylem_delta_options_free(options);

  xylem_delta_list* list = xylem_repository_deltas(server, &error);
  REQUIRE(xylem_delta_list_count(list) == 1);
  CHECK(xylem_delta_list_get(list, 0) == name);
  CHECK(xylem_delta_list_get(list, 1) == nullptr);
  xylem_delta_list_free(list);

  xylem_delta_applied applied;
  REQUIRE(xylem_repository_apply_delta(client, (dir / "update").c_str(), nullptr, nullptr, &applied,
                                       &error) == 1);
  CHECK(applied.was_complete == 0);
  CHECK(applied.objects_made == 2);
  test::run_ok({"ostree", "--repo=" + (dir / "client"), "ls", "-R", second});

  REQUIRE(xylem_repository_reindex_deltas(server, &error) == 1);
  REQUIRE(xylem_repository_delete_delta(server, name.c_str(), &error) == 1);
  CHECK(xylem_repository_delete_delta(server, name.c_str(), &error) == 0);
  REQUIRE(error != nullptr);
  CHECK(xylem_error_get_kind(error) == XYLEM_ERROR_NOT_FOUND);
}

TEST_CASE_METHOD(Fixture, "C: an unsigned delta is not verified, nor applied with a key") {
  xylem_delta_options* options = xylem_delta_options_new("main");
  REQUIRE(xylem_repository_generate_delta(server, options, nullptr, nullptr, &error) == 1);
  xylem_delta_options_free(options);
  xylem_delta_keys* keys = xylem_delta_keys_new("ed25519");
  xylem_delta_keys_add(keys, "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  CHECK(xylem_repository_verify_delta(server, name.c_str(), keys, &error) == 0);
  REQUIRE(error != nullptr);
  CHECK(xylem_error_get_kind(error) == XYLEM_ERROR_SIGNATURE_INVALID);
  CHECK(std::string(xylem_error_message(error)) == "no signatures in static-delta");
  xylem_delta_keys_free(keys);
}
