#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "pull/source/object_sizes.hpp"

using namespace xylem;
using object::ObjectType;

namespace {

const Checksum known = sha256(as_bytes("known"));
const Checksum stranger = sha256(as_bytes("stranger"));

object::Commit commit_with(std::uint64_t archived, std::uint64_t unpacked, ObjectType type) {
  object::Commit commit;
  commit.metadata =
      object::DictBuilder()
          .set(object::commit_key::sizes,
               object::build_sizes({{known, archived, unpacked, static_cast<std::uint8_t>(type)}}))
          .build();
  return commit;
}

}  // namespace

TEST_CASE("without sizes there are only the usual bounds") {
  pull::ObjectSizes sizes;
  sizes.add(object::Commit{});
  CHECK(sizes.empty());
  CHECK_FALSE(sizes.archived(known));
  CHECK(sizes.content_limit(known) == UINT64_MAX);
  CHECK(sizes.wire_limit(known) == 0);
  CHECK(sizes.metadata_limit({known, ObjectType::DirTree}, 77) == 77);
}

TEST_CASE("sizes bound files exactly, and what comes for them by the worst of compressions") {
  pull::ObjectSizes sizes;
  sizes.add(commit_with(100, 1000, ObjectType::File));
  CHECK(sizes.archived(known) == 100);
  CHECK(sizes.content_limit(known) == 1000);
  CHECK(sizes.wire_limit(known) == 100 + pull::deflate_bound(1000));
  CHECK(sizes.content_limit(stranger) == UINT64_MAX);
  // Where commits disagree, neither can stop the other's objects.
  sizes.add(commit_with(50, 5000, ObjectType::File));
  CHECK(sizes.archived(known) == 100);
  CHECK(sizes.content_limit(known) == 5000);
}

TEST_CASE("sizes of directories bound them below what metadata may have") {
  pull::ObjectSizes sizes;
  sizes.add(commit_with(300, 300, ObjectType::DirTree));
  const object::ObjectName name{known, ObjectType::DirTree};
  CHECK(sizes.metadata_limit(name, 1000) == 300);
  CHECK(sizes.metadata_limit(name, 200) == 200);
  CHECK(sizes.metadata_limit(name, 0) == 300);
  CHECK_FALSE(sizes.archived(known));
  // Zero is no bound further in, and must not become one of none.
  pull::ObjectSizes empty;
  empty.add(commit_with(0, 0, ObjectType::DirTree));
  CHECK(empty.metadata_limit(name, 1000) == 1);
}

TEST_CASE("sizes near the end of the numbers do not wrap around") {
  pull::ObjectSizes sizes;
  sizes.add(commit_with(UINT64_MAX, UINT64_MAX, ObjectType::File));
  CHECK(sizes.wire_limit(known) == UINT64_MAX);
  CHECK(pull::deflate_bound(UINT64_MAX) == UINT64_MAX);
  CHECK(pull::deflate_bound(0) > 0);
}
