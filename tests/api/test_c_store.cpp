// The C interface of the content store.

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"
#include "xylem/store.h"

namespace xylem::test {

namespace {

using Words = std::vector<std::string>;

int note_object(const xylem_object* object, void* words) {
  static_cast<Words*>(words)->push_back(xylem_object_name(object));
  return 1;
}

struct Fixture {
  Fixture() {
    xylem_repository_free(xylem_repository_create((work / "repo").c_str(), "archive", nullptr));
    store = xylem_store_open((work / "repo").c_str(), nullptr);
    REQUIRE(store != nullptr);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() { xylem_store_free(store); }

  /// Its name; empty if it is refused, with what is expected of it.
  std::string add(const std::string& content, const char* expected = nullptr) {
    xylem_new_object* wanted = xylem_new_object_new("file");
    xylem_new_object_set_expected(wanted, expected);
    xylem_new_object_set_size(wanted, content.size());
    xylem_ingest* ingest = xylem_store_ingest(store, "one", wanted, nullptr);
    CHECK(xylem_store_ingest(store, "one", wanted, nullptr) == nullptr);
    xylem_new_object_free(wanted);
    REQUIRE(ingest != nullptr);
    CHECK(xylem_ingest_write(ingest, content.data(), content.size(), nullptr) == 1);
    CHECK(xylem_ingest_size(ingest) == content.size());
    char* name = xylem_ingest_commit(ingest, nullptr);
    CHECK(xylem_ingest_commit(ingest, nullptr) == nullptr);
    xylem_ingest_free(ingest);
    const std::string result = name == nullptr ? "" : name;
    xylem_string_free(name);
    return result;
  }

  Words walk(const xylem_object_filter* filter) const {
    Words words;
    CHECK(xylem_store_walk(store, filter, note_object, &words, nullptr, nullptr) == 1);
    return words;
  }

  TempDir work;
  xylem_store* store = nullptr;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "C: an object is added, read and deleted") {
  const std::string name = add("content");
  REQUIRE_FALSE(name.empty());
  CHECK(add("content", std::string(64, '0').c_str()).empty());
  xylem_reader* reader = xylem_store_read(store, name.c_str(), nullptr);
  REQUIRE(reader != nullptr);
  CHECK(xylem_reader_size(reader) == 7);
  std::string buffer(10, '.');
  CHECK(xylem_reader_read(reader, buffer.data(), buffer.size(), 3, nullptr) == 4);
  CHECK(buffer.substr(0, 4) == "tent");
  CHECK(xylem_reader_read(reader, buffer.data(), buffer.size(), 7, nullptr) == 0);
  CHECK(xylem_reader_read(reader, nullptr, 1, 0, nullptr) == -1);
  xylem_reader_free(reader);
  CHECK(walk(nullptr) == Words{name});
  CHECK(xylem_store_remove(store, name.c_str(), nullptr, nullptr) == 1);
  CHECK(walk(nullptr).empty());
  xylem_error* error = nullptr;
  CHECK(xylem_store_info(store, name.c_str(), &error) == nullptr);
  CHECK(xylem_error_get_kind(error) == XYLEM_ERROR_NOT_FOUND);
  CHECK(xylem_error_object(error) == name);
  xylem_error_free(error);
}

TEST_CASE_METHOD(Fixture, "C: leases keep objects, and are listed") {
  const std::string name = add("content");
  const char* const objects[] = {name.c_str(), nullptr};
  char* lease = xylem_store_lease(store, "mine", objects, "why", 4'000'000'000, nullptr);
  REQUIRE(lease != nullptr);
  CHECK(std::string(lease) == "mine");
  xylem_string_free(lease);
  CHECK(xylem_store_remove(store, name.c_str(), nullptr, nullptr) == 0);
  xylem_leases* leases = xylem_store_leases(store, nullptr);
  REQUIRE(xylem_leases_count(leases) == 1);
  CHECK(std::string(xylem_leases_note(leases, 0)) == "why");
  CHECK(xylem_leases_ends(leases, 0) == 4'000'000'000);
  CHECK(xylem_leases_created(leases, 0) > 0);
  CHECK(xylem_leases_object(leases, 0, 0) == name);
  CHECK(xylem_leases_object(leases, 0, 1) == nullptr);
  CHECK(xylem_leases_name(leases, 1) == nullptr);
  xylem_leases_free(leases);
  CHECK(xylem_store_release(store, "mine", nullptr) == 1);
  CHECK(xylem_store_release(store, "mine", nullptr) == 0);
}

TEST_CASE_METHOD(Fixture, "C: objects are found by label, kind and reach") {
  const std::string one = add("one");
  const std::string two = add("two");
  CHECK(xylem_store_set_label(store, one.c_str(), "name", "value", nullptr) == 1);
  xylem_object* object = xylem_store_info(store, one.c_str(), nullptr);
  CHECK(std::string(xylem_object_label(object, "name")) == "value");
  CHECK(xylem_object_label(object, "other") == nullptr);
  CHECK(xylem_object_bytes(object) == 3);
  CHECK(xylem_object_stored_bytes(object) > 3);
  CHECK(xylem_object_is_of_parent(object) == 0);
  xylem_object_free(object);

  xylem_object_filter* filter = xylem_object_filter_new();
  xylem_object_filter_set_label(filter, "name", nullptr);
  CHECK(walk(filter) == Words{one});
  xylem_object_filter_set_label(filter, nullptr, nullptr);
  xylem_object_filter_set_reachable(filter, 0);
  CHECK(walk(filter).size() == 2);
  xylem_object_filter_set_reachable(filter, 1);
  CHECK(walk(filter).empty());
  xylem_object_filter_set_reachable(filter, -1);
  xylem_object_filter_set_prefix(filter, two.substr(0, 20).c_str());
  CHECK(walk(filter) == Words{two});
  xylem_object_filter_add_kind(filter, "commit");
  CHECK(walk(filter).empty());
  xylem_object_filter_free(filter);
  CHECK(xylem_store_set_label(store, one.c_str(), "name", nullptr, nullptr) == 1);
}

TEST_CASE_METHOD(Fixture, "C: an ingest is left, gone on with and dropped") {
  xylem_new_object* wanted = xylem_new_object_new("file");
  xylem_ingest_free(xylem_store_ingest(store, "one", wanted, nullptr));
  xylem_ingest* ingest = xylem_store_ingest(store, "one", wanted, nullptr);
  REQUIRE(ingest != nullptr);
  CHECK(xylem_ingest_write(ingest, "abc", 3, nullptr) == 1);
  CHECK(xylem_ingest_truncate(ingest, 2, nullptr) == 1);
  CHECK(xylem_ingest_truncate(ingest, 3, nullptr) == 0);
  CHECK(xylem_ingest_abort(ingest, nullptr) == 1);
  CHECK(xylem_ingest_write(ingest, "abc", 3, nullptr) == 0);
  xylem_ingest_free(ingest);
  xylem_new_object_set_symlink(wanted, "target");
  ingest = xylem_store_ingest(store, "one", wanted, nullptr);
  char* name = xylem_ingest_commit(ingest, nullptr);
  CHECK(name != nullptr);
  xylem_string_free(name);
  xylem_ingest_free(ingest);
  xylem_new_object_free(wanted);
  CHECK(xylem_store_open(nullptr, nullptr) == nullptr);
}

}  // namespace xylem::test
