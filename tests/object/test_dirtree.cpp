#include "object/dirtree.hpp"

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "object/stored_objects.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;
using namespace std::string_literals;

namespace {

using Names = std::vector<std::string>;

/// A dirtree with these names, in this order, sensible or not.
Bytes dirtree_of(const Names& files, const Names& dirs) {
  DirTree tree;
  for (const std::string& name : files) tree.files.push_back({name, Checksum()});
  for (const std::string& name : dirs) tree.dirs.push_back({name, Checksum(), Checksum()});
  return serialize_dirtree(tree);
}

Bytes dirtree_with_checksum_of(std::size_t size) {
  const GVariantPtr files = VariantBuilder("a(say)")
                                .add(VariantBuilder("(say)")
                                         .add(std::string_view("a"))
                                         .add(make_byte_array(Bytes(size)))
                                         .finish())
                                .finish();
  return serialize_variant(VariantBuilder("(a(say)a(sayay))")
                               .add(files)
                               .add(VariantBuilder("a(sayay)").finish())
                               .finish()
                               .get());
}

Bytes dirmeta_of(std::uint32_t mode, const Xattrs& xattrs) {
  return serialize_variant(VariantBuilder("(uuua(ayay))")
                               .add_be32(0)
                               .add_be32(0)
                               .add_be32(mode)
                               .add(build_xattrs(xattrs))
                               .finish()
                               .get());
}

}  // namespace

TEST_CASE("an empty directory is one byte") {
  CHECK(serialize_dirtree({}) == Bytes{0});
  CHECK(parse_dirtree(Bytes{0}) == DirTree{});
}

TEST_CASE("a directory of libostree") {
  const DirTree root = parse_dirtree(golden("858d71", ObjectType::DirTree));
  CHECK(root.files.empty());
  REQUIRE(root.dirs.size() == 3);
  CHECK(root.dirs[0].name == "empty");
  CHECK(root.dirs[1].name == "usr");
  CHECK(root.dirs[2].name == "ü");

  const Bytes& usr_bytes = golden(root.dirs[1].tree.hex(), ObjectType::DirTree);
  CHECK(sha256(usr_bytes) == root.dirs[1].tree);
  CHECK(sha256(golden(root.dirs[1].meta.hex(), ObjectType::DirMeta)) == root.dirs[1].meta);
  const DirTree usr = parse_dirtree(usr_bytes);
  REQUIRE(usr.files.size() == 3);
  CHECK(usr.files[0].name == "empty");
  CHECK(usr.files[1].name == "hello");
  CHECK(usr.files[2].name == "link");
  REQUIRE(usr.dirs.size() == 1);
  CHECK(usr.dirs[0].name == "bin");
}

TEST_CASE("a directory of many files survives writing and reading") {
  DirTree tree;
  for (int i = 10000; i < 40000; ++i) tree.files.push_back({std::to_string(i), Checksum()});
  CHECK(parse_dirtree(serialize_dirtree(tree)) == tree);
}

TEST_CASE("names are sorted by their bytes") {
  CHECK_FALSE(error_kind([] { parse_dirtree(dirtree_of({"Z", "a", "ä"}, {"A", "b"})); }));
}

TEST_CASE("directories that are refused") {
  struct Row {
    const char* why;
    Names files;
    Names dirs;
  };
  const auto row =
      GENERATE(Row{"empty name", {""}, {}}, Row{"dot", {"."}, {}}, Row{"dot dot", {}, {".."}},
               Row{"slash", {"a/b"}, {}}, Row{"absolute", {}, {"/etc"}},
               Row{"unsorted files", {"b", "a"}, {}}, Row{"unsorted directories", {}, {"b", "a"}},
               Row{"a file twice", {"a", "a"}, {}}, Row{"a directory twice", {}, {"a", "a"}},
               Row{"file and directory", {"a", "m"}, {"k", "m"}},
               Row{"sorted as by a person", {"a", "B"}, {}});
  INFO(row.why);
  CHECK(error_kind([&] { parse_dirtree(dirtree_of(row.files, row.dirs)); }) == ErrorKind::Corrupt);
}

TEST_CASE("checksums of another size are refused") {
  CHECK_FALSE(error_kind([] { parse_dirtree(dirtree_with_checksum_of(32)); }));
  const auto size = GENERATE(0U, 1U, 31U, 33U, 64U);
  CHECK(error_kind([&] { parse_dirtree(dirtree_with_checksum_of(size)); }) == ErrorKind::Corrupt);
}

TEST_CASE("names that a dirtree cannot hold are not written") {
  CHECK(error_kind([] { dirtree_of({"\xff"}, {}); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([] { dirtree_of({}, {"a\0b"s}); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("metadata of directories") {
  const DirMeta plain = parse_dirmeta(golden("446a0e", ObjectType::DirMeta));
  CHECK(plain == DirMeta{0, 0, 0040755, {}});
  const DirMeta noted = parse_dirmeta(golden("2a814e", ObjectType::DirMeta));
  CHECK((noted.mode & 01777) == 01777);
  REQUIRE(noted.xattrs.size() == 2);
  CHECK(noted.xattrs[0].name == "user.also");
  CHECK(noted.xattrs[1].name == "user.note");
}

TEST_CASE("metadata of directories that is refused") {
  CHECK_FALSE(error_kind([] { parse_dirmeta(dirmeta_of(0041777, {{"a", {}}, {"b", {}}})); }));
  struct Row {
    const char* why;
    std::uint32_t mode;
    Xattrs xattrs;
  };
  const auto row = GENERATE(
      Row{"file", 0100644, {}}, Row{"symbolic link", 0120777, {}}, Row{"no type", 0755, {}},
      Row{"bits above", 01040755, {}}, Row{"unsorted", 0040755, {{"b", {}}, {"a", {}}}},
      Row{"twice", 0040755, {{"a", {}}, {"a", {}}}}, Row{"no name", 0040755, {{"", {}}}});
  INFO(row.why);
  CHECK(error_kind([&] { parse_dirmeta(dirmeta_of(row.mode, row.xattrs)); }) == ErrorKind::Corrupt);
}

TEST_CASE("extended attributes of directories are written sorted") {
  DirMeta meta{0, 0, 0040755, {{"b", {1}}, {"a", {2}}}};
  const DirMeta read = parse_dirmeta(serialize_dirmeta(meta));
  canonicalize(meta.xattrs);
  CHECK(read == meta);
}
