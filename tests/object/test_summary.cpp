#include "object/summary.hpp"

#include <catch2/catch.hpp>

#include "object/stored_objects.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

SummaryRef ref(const std::string& name) {
  return {name, 100, Checksum::parse(std::string(64, 'a')), {}};
}

/// A summary with these refs, in this order, sensible or not.
Bytes summary_of(const std::vector<std::string>& refs) {
  Summary summary;
  for (const std::string& name : refs) summary.refs.push_back(ref(name));
  return serialize_summary(summary);
}

Bytes summary_with_checksum_of(std::size_t size) {
  const GVariantPtr details = VariantBuilder("(taya{sv})")
                                  .add_host64(0)
                                  .add(make_byte_array(Bytes(size)))
                                  .add(Dict())
                                  .finish();
  const GVariantPtr refs =
      VariantBuilder("a(s(taya{sv}))")
          .add(VariantBuilder("(s(taya{sv}))").add(std::string_view("a")).add(details).finish())
          .finish();
  return serialize_variant(
      VariantBuilder("(a(s(taya{sv}))a{sv})").add(refs).add(Dict()).finish().get());
}

}  // namespace

TEST_CASE("a summary of libostree") {
  const Summary summary = parse_summary(golden_summary());
  REQUIRE(summary.refs.size() == 3);
  const SummaryRef* os = summary.find("os/test");
  REQUIRE(os != nullptr);
  CHECK(os->commit_size == golden(os->commit.hex(), ObjectType::Commit).size());
  CHECK(os->metadata.find_be64(summary_key::commit_timestamp) == 1769904000);
  CHECK(summary.mode() == "archive-z2");
  CHECK(summary.collection_id() == "org.example.Os");
  CHECK(summary.has_tombstones());
  CHECK(summary.last_modified().value_or(0) > 1000000000);
  CHECK_FALSE(summary.expires());
  CHECK(summary.find("os") == nullptr);
  CHECK(summary.find("zzz") == nullptr);
}

TEST_CASE("refs are found by collection") {
  const Summary summary = parse_summary(golden_summary());
  CHECK(summary.find("org.example.Os", "os/test") == summary.find("os/test"));
  REQUIRE(summary.find("org.example.Other", "app") != nullptr);
  CHECK(summary.find("org.example.Other", "app")->commit == summary.find("os/test")->commit);
  CHECK(summary.find("org.example.Other", "os/test") == nullptr);
  CHECK(summary.find("org.example.None", "app") == nullptr);
  CHECK(summary.find("app") == nullptr);
}

TEST_CASE("a summary survives writing and reading") {
  Summary summary;
  summary.refs = {ref("a"), ref("b/c")};
  summary.refs[1].metadata = DictBuilder().set(summary_key::commit_version, "7").build();
  summary.metadata = DictBuilder().set_be64(summary_key::expires, 99).build();
  summary.collection_map["org.example.A"] = {ref("x"), ref("y")};
  const Summary read = parse_summary(serialize_summary(summary));
  CHECK(read.find("b/c")->metadata.find_string(summary_key::commit_version) == "7");
  CHECK(read.find("a")->commit_size == 100);
  CHECK(read.expires() == 99);
  CHECK(read.find("org.example.A", "y") != nullptr);
  CHECK_FALSE(read.mode());
  CHECK_FALSE(read.has_tombstones());

  Summary emptied = read;
  emptied.collection_map.clear();
  CHECK_FALSE(parse_summary(serialize_summary(emptied)).metadata.find(summary_key::collection_map));
}

TEST_CASE("the commit size is not big-endian") {
  const Bytes bytes = summary_of({"abcdefg"});
  CHECK(bytes[8] == 100);
  CHECK(parse_summary(bytes).refs[0].commit_size == 100);
}

TEST_CASE("an unsorted summary is sorted") {
  const Summary summary = parse_summary(summary_of({"c", "a", "b"}));
  CHECK(summary.find("a") != nullptr);
  CHECK(summary.find("b") != nullptr);
  CHECK(summary.find("c") != nullptr);
}

TEST_CASE("summaries that are refused") {
  struct Row {
    const char* why;
    Bytes bytes;
  };
  const auto row = GENERATE(
      Row{"nothing", {}}, Row{"ref twice", summary_of({"a", "b", "a"})},
      Row{"no ref name", summary_of({""})}, Row{"ref that leaves", summary_of({"../../etc"})},
      Row{"absolute ref", summary_of({"/etc"})}, Row{"remote's ref", summary_of({"origin:a"})},
      Row{"short checksum", summary_with_checksum_of(31)},
      Row{"no checksum", summary_with_checksum_of(0)});
  INFO(row.why);
  CHECK(error_kind([&] { parse_summary(row.bytes); }) == ErrorKind::Corrupt);
  CHECK_FALSE(error_kind([&] { parse_summary(summary_with_checksum_of(32)); }));
}

TEST_CASE("collections that are refused") {
  Summary summary;
  summary.collection_map["../etc"] = {ref("x")};
  CHECK(error_kind([&] { parse_summary(serialize_summary(summary)); }) == ErrorKind::Corrupt);
  summary.collection_map.clear();
  summary.collection_map["org.example.A"] = {ref("..")};
  CHECK(error_kind([&] { parse_summary(serialize_summary(summary)); }) == ErrorKind::Corrupt);
}
