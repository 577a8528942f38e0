// The C interface to what is told while something runs.

#include <poll.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "xylem/xylem.h"

namespace xylem::test {

namespace {

using Words = std::vector<std::string>;

void note_message(const xylem_message* message, void* words) {
  static_cast<Words*>(words)->push_back(xylem_message_code(message));
  static_cast<Words*>(words)->push_back(xylem_message_source(message));
  CHECK(xylem_message_is_warning(message) == 1);
  CHECK_FALSE(std::string(xylem_message_text(message)).empty());
}

/// A repository to pull from, one to pull into, and options with a cache that is not there.
struct Fixture {
  Fixture() {
    run_ok({"mkdir", work / "tree"});
    write_file(work / "tree/file", "content");
    run_ok({"ostree", "init", "--repo=" + work / "source", "--mode=archive"});
    run_ok({"ostree", "commit", "--repo=" + work / "source", "-b", "main", work / "tree"});
    repository = xylem_repository_create((work / "target").c_str(), "archive", nullptr);
    REQUIRE(repository != nullptr);
    options = xylem_pull_options_new("origin");
    xylem_pull_options_set_local_repository(options, (work / "source").c_str());
    xylem_pull_options_add_ref(options, "main");
    xylem_pull_options_add_localcache_repo(options, missing.c_str());
    xylem_pull_options_set_message_function(options, note_message, &words);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() {
    xylem_pull_options_free(options);
    xylem_repository_free(repository);
  }

  std::size_t count_refs() const {
    xylem_refs* refs = xylem_repository_refs(repository, nullptr);
    const std::size_t count = xylem_refs_count(refs);
    xylem_refs_free(refs);
    return count;
  }

  TempDir work;
  std::string missing = work / "nosuch";
  xylem_repository* repository = nullptr;
  xylem_pull_options* options = nullptr;
  Words words;
};

void note_log(xylem_log_severity severity, const char* text, void* words) {
  static_cast<Words*>(words)->push_back(std::to_string(severity) + " " + text);
}

}  // namespace

TEST_CASE_METHOD(Fixture, "C: messages of a pull are told, and refs are kept") {
  xylem_pull_options_set_keep_refs(options, 1);
  xylem_pull_result* result =
      xylem_repository_pull(repository, options, nullptr, nullptr, nullptr, nullptr);
  REQUIRE(result != nullptr);
  CHECK(words == Words{"source-dropped", missing});
  CHECK(xylem_pull_result_count_refs(result) == 1);
  CHECK(count_refs() == 0);
  xylem_pull_result_free(result);
}

TEST_CASE_METHOD(Fixture,
                 "C: messages of a pull beside an event loop come when they are asked for") {
  xylem_pull* pull = xylem_pull_start(repository, options, nullptr, nullptr, nullptr, nullptr);
  REQUIRE(pull != nullptr);
  pollfd waiting{xylem_pull_get_fd(pull), POLLIN, 0};
  do {
    ::poll(&waiting, 1, -1);
  } while (xylem_pull_dispatch(pull) == 0);
  CHECK(words == Words{"source-dropped", missing});
  xylem_pull_result* result = xylem_pull_finish(pull, nullptr);
  CHECK(result != nullptr);
  xylem_pull_result_free(result);
  xylem_pull_free(pull);
  CHECK(count_refs() == 1);
}

TEST_CASE("C: the log is taken, and given back") {
  Words words;
  xylem_set_log_function(note_log, XYLEM_LOG_INFO, &words);
  log_warning("one {}", 1);
  log_info("two");
  log_debug("three");
  xylem_set_log_function(nullptr, XYLEM_LOG_WARNING, nullptr);
  log_info("four");
  CHECK(words == Words{"0 one 1", "1 two"});
}

}  // namespace xylem::test
