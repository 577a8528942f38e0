#include <catch2/catch.hpp>

#include "delta/format/operations.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;
using object::ObjectType;

namespace {

Bytes written(const Operation& operation) {
  Bytes bytes;
  append_operation(bytes, operation);
  return bytes;
}

std::optional<ErrorKind> refusal(const Bytes& bytes, std::optional<ObjectType> next) {
  return error_kind([&] {
    ByteView rest = bytes;
    take_operation(rest, next);
  });
}

/// Of which none has the type of the next object to do with what it looks like.
const std::vector<Operation> of_files = {SpliceFile{1, 2, {300, 70000}},
                                         OpenFile{1, 0, UINT64_MAX},
                                         Write{{671, 15873}},
                                         SetReadSource{639},
                                         UnsetReadSource{},
                                         CloseFile{},
                                         ApplyPatch{{0, 300067}}};

}  // namespace

TEST_CASE("operations are written as they are read") {
  for (const Operation& operation : of_files) {
    const Bytes bytes = written(operation);
    ByteView rest = bytes;
    CHECK(take_operation(rest, ObjectType::File) == operation);
    CHECK(rest.empty());
  }
  for (const ObjectType type : {ObjectType::DirTree, ObjectType::DirMeta, ObjectType::Commit}) {
    const Bytes bytes = written(SpliceMetadata{{1, 2}});
    ByteView rest = bytes;
    CHECK(take_operation(rest, type) == Operation(SpliceMetadata{{1, 2}}));
    CHECK(rest.empty());
  }
}

TEST_CASE("operations have the bytes that libostree gives them") {
  CHECK(written(SpliceMetadata{{0, 117}}) == Bytes{'S', 117, 0});
  CHECK(written(SpliceFile{1, 0, {180680, 300019}}) ==
        Bytes{'S', 1, 0, 0xf3, 0xa7, 0x12, 0xc8, 0x83, 0x0b});
  CHECK(written(OpenFile{0, 0, 250899}) == Bytes{'o', 0, 0, 0x93, 0xa8, 0x0f});
  CHECK(written(Write{{671, 15873}}) == Bytes{'w', 0x81, 0x7c, 0x9f, 0x05});
  CHECK(written(SetReadSource{639}) == Bytes{'r', 0xff, 0x04});
  CHECK(written(UnsetReadSource{}) == Bytes{'R'});
  CHECK(written(CloseFile{}) == Bytes{'c'});
  CHECK(written(ApplyPatch{{5, 3}}) == Bytes{'B', 5, 3});
}

TEST_CASE("an operation that is unknown, cut short, or for no object is refused") {
  CHECK(refusal({}, ObjectType::File) == ErrorKind::Corrupt);
  CHECK(refusal({'g'}, ObjectType::File) == ErrorKind::Corrupt);
  CHECK(refusal({0}, ObjectType::File) == ErrorKind::Corrupt);
  CHECK(refusal({'S', 0, 0, 0, 0}, std::nullopt) == ErrorKind::Corrupt);
  CHECK(refusal({'S', 0, 0, 0}, ObjectType::File) == ErrorKind::Corrupt);
  CHECK(refusal({'w', 0x80, 0x80}, ObjectType::File) == ErrorKind::Corrupt);
  Bytes endless(20, 0xff);
  endless.front() = 'r';
  CHECK(refusal(endless, ObjectType::File) == ErrorKind::Corrupt);
  for (const Operation& operation : of_files) {
    Bytes bytes = written(operation);
    bytes.pop_back();
    CHECK(refusal(bytes, ObjectType::File) == ErrorKind::Corrupt);
  }
}

TEST_CASE("numbers need not be as short as they can be") {
  const Bytes bytes{'r', 0x85, 0x80, 0x80, 0x00};
  ByteView rest = bytes;
  CHECK(take_operation(rest, std::nullopt) == Operation(SetReadSource{5}));
}

TEST_CASE("a long stretch of operations is read piece by piece") {
  Bytes bytes{'x', 'y'};
  constexpr std::uint64_t count = 100'000;
  for (std::uint64_t i = 0; i < count; ++i)
    append_operation(bytes, OpenFile{i, i * i, UINT64_MAX - i});
  const std::uint64_t size = bytes.size() - 2;
  bytes.push_back('z');
  const RandomMemory memory(bytes);
  OperationReader reader(memory, {2, size});
  for (std::uint64_t i = 0; i < count; ++i)
    REQUIRE(reader.next(ObjectType::File) == Operation(OpenFile{i, i * i, UINT64_MAX - i}));
  CHECK_FALSE(reader.next(ObjectType::File));
  CHECK(reader.count() == count);
  CHECK(error_kind([&] { OperationReader(memory, {2, size + 2}); }) == ErrorKind::Corrupt);
}
