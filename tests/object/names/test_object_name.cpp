#include "object/names/object_name.hpp"

#include <catch2/catch.hpp>
#include <unordered_set>

using namespace xylem;
using namespace xylem::object;

TEST_CASE("object types and extensions map both ways") {
  struct Row {
    ObjectType type;
    const char* extension;
    bool metadata;
  };
  const auto row =
      GENERATE(Row{ObjectType::File, "file", false}, Row{ObjectType::DirTree, "dirtree", true},
               Row{ObjectType::DirMeta, "dirmeta", true}, Row{ObjectType::Commit, "commit", true},
               Row{ObjectType::TombstoneCommit, "tombstone-commit", true},
               Row{ObjectType::CommitMeta, "commitmeta", true},
               Row{ObjectType::PayloadLink, "payload-link", false},
               Row{ObjectType::FileXattrs, "file-xattrs", false},
               Row{ObjectType::FileXattrsLink, "file-xattrs-link", false});
  CHECK(extension(row.type) == row.extension);
  CHECK(type_from_extension(row.extension) == row.type);
  CHECK(is_metadata(row.type) == row.metadata);
}

TEST_CASE("what is no object type has no extension") {
  CHECK_FALSE(type_from_extension(""));
  CHECK_FALSE(type_from_extension("filez"));
  CHECK_FALSE(type_from_extension("Commit"));
  CHECK(extension(static_cast<ObjectType>(0)).empty());
  CHECK(extension(static_cast<ObjectType>(10)).empty());
  CHECK(extension(static_cast<ObjectType>(255)).empty());
}

TEST_CASE("object names have a text, an order and a hash") {
  const Checksum checksum = Checksum::parse(std::string(64, 'a'));
  const ObjectName commit{checksum, ObjectType::Commit};
  const ObjectName meta{checksum, ObjectType::CommitMeta};
  CHECK(commit.text() == std::string(64, 'a') + ".commit");
  CHECK(commit < meta);
  const std::unordered_set<ObjectName> set{commit, meta, commit};
  CHECK(set.size() == 2);
}
