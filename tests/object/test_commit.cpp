#include "object/commit.hpp"

#include <catch2/catch.hpp>

#include "object/stored_objects.hpp"
#include "object/variant/variant_builder.hpp"
#include "object/variant/varint.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

Checksum filled(char digit) {
  return Checksum::parse(std::string(64, digit));
}

Commit sample() {
  Commit commit;
  commit.metadata = DictBuilder().set("version", "1").build();
  commit.subject = "größer";
  commit.body = "a\nb";
  commit.timestamp = 0x0102030405;
  commit.root_tree = filled('a');
  commit.root_meta = filled('b');
  return commit;
}

/// A commit whose byte arrays have these sizes.
Bytes commit_of(const Dict& metadata, std::size_t parent, std::size_t tree, std::size_t meta) {
  return serialize_variant(VariantBuilder("(a{sv}aya(say)sstayay)")
                               .add(metadata)
                               .add(make_byte_array(Bytes(parent)))
                               .add(VariantBuilder("a(say)").finish())
                               .add(std::string_view(""))
                               .add(std::string_view(""))
                               .add_be64(0)
                               .add(make_byte_array(Bytes(tree)))
                               .add(make_byte_array(Bytes(meta)))
                               .finish()
                               .get());
}

Commit with_sizes(const std::vector<Bytes>& entries) {
  VariantBuilder list("aay");
  for (const Bytes& entry : entries) list.add(make_byte_array(entry));
  Commit commit;
  commit.metadata = DictBuilder().set(commit_key::sizes, list.finish()).build();
  return commit;
}

Bytes size_entry(std::initializer_list<std::uint8_t> tail) {
  Bytes bytes(32 + tail.size(), 0xaa);
  std::copy(tail.begin(), tail.end(), bytes.begin() + 32);
  return bytes;
}

Commit bound_to(std::optional<std::vector<std::string>> refs,
                std::optional<std::string> collection) {
  DictBuilder metadata;
  if (refs) metadata.set(commit_key::ref_binding, *refs);
  if (collection) metadata.set(commit_key::collection_binding, *collection);
  Commit commit;
  commit.metadata = metadata.build();
  return commit;
}

}  // namespace

TEST_CASE("a commit survives writing and reading") {
  Commit commit = sample();
  const bool has_parent = GENERATE(false, true);
  if (has_parent) commit.parent = filled('c');
  const Commit read = parse_commit(serialize_commit(commit));
  CHECK(read.parent == commit.parent);
  CHECK(read.subject == commit.subject);
  CHECK(read.body == commit.body);
  CHECK(read.timestamp == commit.timestamp);
  CHECK(read.root_tree == commit.root_tree);
  CHECK(read.root_meta == commit.root_meta);
  CHECK(read.metadata.find_string("version") == "1");
}

TEST_CASE("commits of libostree") {
  const Commit first = parse_commit(golden("32fc15", ObjectType::Commit));
  CHECK_FALSE(first.parent);
  CHECK(first.subject == "one");
  CHECK(first.body == "first body");
  CHECK(first.timestamp == 1767225600);
  CHECK(first.metadata.find_string(commit_key::version) == "1.0");
  CHECK(first.metadata.find_strings(commit_key::ref_binding) ==
        std::vector<std::string>{"os/test"});

  const Commit second = parse_commit(golden("1582a8", ObjectType::Commit));
  REQUIRE(second.parent);
  CHECK(second.parent->hex().starts_with("32fc15"));
}

TEST_CASE("the metadata of a commit outlives its bytes") {
  Dict metadata;
  {
    const Bytes bytes = serialize_commit(sample());
    metadata = parse_commit(bytes).metadata;
  }
  CHECK(metadata.find_string("version") == "1");
}

TEST_CASE("commits that are refused") {
  CHECK_FALSE(error_kind([] { parse_commit(commit_of({}, 0, 32, 32)); }));
  CHECK_FALSE(error_kind([] { parse_commit(commit_of({}, 32, 32, 32)); }));
  const Dict no_key = DictBuilder().set("a", "b").set("", "value").build();
  struct Row {
    const char* why;
    Bytes bytes;
  };
  const auto row =
      GENERATE_COPY(Row{"parent of 31 bytes", commit_of({}, 31, 32, 32)},
                    Row{"tree of 0 bytes", commit_of({}, 0, 0, 32)},
                    Row{"meta of 33 bytes", commit_of({}, 0, 32, 33)},
                    Row{"metadata without key", commit_of(no_key, 0, 32, 32)}, Row{"nothing", {}});
  INFO(row.why);
  CHECK(error_kind([&] { parse_commit(row.bytes); }) == ErrorKind::Corrupt);
}

TEST_CASE("bindings") {
  using Refs = std::vector<std::string>;
  struct Row {
    std::optional<Refs> refs;
    std::optional<std::string> collection;
    std::optional<std::string> wanted_ref;
    std::optional<std::string> wanted_collection;
    bool fits;
  };
  const auto row = GENERATE(
      Row{{}, {}, "a", {}, true}, Row{{}, {}, {}, {}, true}, Row{{}, {}, "a", "org.a.b", false},
      Row{Refs{"a"}, {}, "a", {}, true}, Row{Refs{"a", "b"}, {}, "b", {}, true},
      Row{Refs{"a"}, {}, "b", {}, false}, Row{Refs{}, {}, "a", {}, false},
      Row{Refs{"a"}, {}, {}, {}, true}, Row{Refs{"a"}, "org.a.b", "a", {}, true},
      Row{Refs{"a"}, "org.a.b", "a", "org.a.b", true},
      Row{Refs{"a"}, "org.a.c", "a", "org.a.b", false}, Row{Refs{"a"}, {}, "a", "org.a.b", false},
      Row{{}, "org.a.b", "a", "org.a.b", false}, Row{Refs{"b"}, "org.a.b", "a", "org.a.b", false});
  const auto mismatch =
      binding_mismatch(bound_to(row.refs, row.collection), row.wanted_ref, row.wanted_collection);
  CHECK(mismatch.has_value() != row.fits);
}

TEST_CASE("a binding of another type does not count as one") {
  Commit commit;
  commit.metadata = DictBuilder().set(commit_key::ref_binding, "a").build();
  CHECK_FALSE(binding_mismatch(commit, "b", {}));
}

TEST_CASE("sizes of libostree survive reading and writing") {
  const Commit commit = parse_commit(golden("32fc15", ObjectType::Commit));
  const auto sizes = sizes_of(commit);
  REQUIRE(sizes.size() == 13);
  for (const ObjectSize& size : sizes) {
    const auto type = static_cast<ObjectType>(size.type);
    CHECK(golden(size.checksum.hex(), type).size() == size.archived);
  }
  CHECK(serialize_variant(build_sizes({sizes.rbegin(), sizes.rend()}).get()) ==
        serialize_variant(commit.metadata.find(commit_key::sizes).get()));
  CHECK(sizes_of(Commit{}).empty());
}

TEST_CASE("entries of old and of later commits") {
  const auto sizes = sizes_of(with_sizes({size_entry({1, 0x80, 1}), size_entry({1, 2, 3, 99})}));
  REQUIRE(sizes.size() == 2);
  CHECK(sizes[0].archived == 1);
  CHECK(sizes[0].unpacked == 128);
  CHECK(sizes[0].type == 0);
  CHECK(sizes[1].type == 3);
}

TEST_CASE("entries of sizes that are refused") {
  struct Row {
    const char* why;
    Bytes entry;
  };
  const auto row = GENERATE(
      Row{"empty", {}}, Row{"cut checksum", Bytes(31)}, Row{"no sizes", size_entry({})},
      Row{"one size", size_entry({1})}, Row{"cut size", size_entry({1, 0x80})},
      Row{"type 0", size_entry({1, 1, 0})}, Row{"type 10", size_entry({1, 1, 10})},
      Row{"too large", size_entry({255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 1, 1})});
  INFO(row.why);
  CHECK(error_kind([&] { sizes_of(with_sizes({row.entry})); }) == ErrorKind::Corrupt);
}

TEST_CASE("numbers of variable length") {
  struct Row {
    std::uint64_t value;
    Bytes bytes;
  };
  const auto row = GENERATE(Row{0, {0}}, Row{127, {127}}, Row{128, {0x80, 1}}, Row{300, {0xac, 2}},
                            Row{UINT32_MAX, {255, 255, 255, 255, 15}},
                            Row{UINT64_MAX, {255, 255, 255, 255, 255, 255, 255, 255, 255, 1}});
  Bytes written;
  append_varint(written, row.value);
  CHECK(written == row.bytes);
  written.push_back(42);
  ByteView rest = written;
  CHECK(take_varint(rest) == row.value);
  CHECK(rest.size() == 1);
}

TEST_CASE("tombstones") {
  const Checksum commit = filled('d');
  CHECK(parse_tombstone(serialize_tombstone(commit)) == commit);
  CHECK(parse_tombstone(golden("32fc15", ObjectType::TombstoneCommit)).hex().starts_with("32fc15"));

  const auto parse = [](const Dict& dict) { parse_tombstone(serialize_dict_object(dict)); };
  CHECK(error_kind([&] { parse({}); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { parse(DictBuilder().set("commit", commit.hex()).build()); }) ==
        ErrorKind::Corrupt);
  const Dict upper =
      DictBuilder().set("commit", make_byte_array(as_bytes(std::string(64, 'D')))).build();
  CHECK(error_kind([&] { parse(upper); }) == ErrorKind::Corrupt);
}

TEST_CASE("detached metadata") {
  const Bytes& bytes = golden("32fc15", ObjectType::CommitMeta);
  const Dict dict = parse_dict_object(bytes, "detached metadata");
  CHECK(dict.find_string("note") == "hi");
  CHECK(serialize_dict_object(dict) == bytes);
  CHECK(parse_dict_object({}, "detached metadata").empty());
}
