#include "object/verify.hpp"

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "object/stored_objects.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

TEST_CASE("an object under another name is refused") {
  for (const StoredObject& object : golden_objects()) {
    if (object.name.type == ObjectType::File || object.name.type == ObjectType::CommitMeta)
      continue;
    ObjectName other = object.name;
    other.checksum = Checksum::parse(std::string(64, 'e'));
    INFO(object.name.text());
    CHECK(error_kind([&] { verify_metadata(other, object.bytes); }) == ErrorKind::Corrupt);
  }
}

TEST_CASE("the error says which object it is") {
  const ObjectName name{Checksum::parse(std::string(64, 'e')), ObjectType::DirTree};
  try {
    verify_metadata(name, Bytes{0});
    FAIL("was accepted");
  } catch (const Error& error) {
    CHECK(error.details().object == name.text());
    CHECK(std::string(error.what()).starts_with(name.text()));
    CHECK(std::string(error.what()).find(sha256(Bytes{0}).hex()) != std::string::npos);
  }
}

TEST_CASE("a right checksum does not make up for a wrong structure") {
  const Bytes bytes = {1, 2, 3};
  const auto type = GENERATE(ObjectType::Commit, ObjectType::DirTree, ObjectType::DirMeta);
  CHECK(error_kind([&] { verify_metadata({sha256(bytes), type}, bytes); }) == ErrorKind::Corrupt);
}

TEST_CASE("an object of another type is refused") {
  const Bytes& commit = golden("1582a8", ObjectType::Commit);
  const auto type = GENERATE(ObjectType::DirTree, ObjectType::DirMeta, ObjectType::TombstoneCommit,
                             ObjectType::CommitMeta);
  CHECK(error_kind([&] { verify_metadata({sha256(commit), type}, commit); }) == ErrorKind::Corrupt);
}

TEST_CASE("what is not metadata cannot be verified so") {
  const auto type = GENERATE(ObjectType::File, ObjectType::PayloadLink, ObjectType::FileXattrs,
                             static_cast<ObjectType>(77));
  CHECK(error_kind([&] { verify_metadata_structure(type, {}); }) == ErrorKind::InvalidArgument);
}
