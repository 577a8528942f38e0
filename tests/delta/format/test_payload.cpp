#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "delta/format/limits.hpp"
#include "delta/format/payload.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;

namespace {

constexpr std::uint32_t regular = S_IFREG | 0644;
constexpr std::uint32_t with_setuid = S_IFREG | 04755;

PayloadContent sample(std::size_t blob_size) {
  return {{.attributes = {{.uid = 0, .gid = 0, .mode = regular},
                          {.uid = 1000, .gid = 70000, .mode = with_setuid}},
           .xattrs = {{}, {{"user.note", {'k'}}, {"user.other", Bytes(300)}}}},
          Bytes(blob_size, 'b'),
          {'R', 'R'}};
}

object::FileHeader header_in(ByteView payload, std::uint64_t attributes, std::uint64_t xattrs) {
  const RandomMemory memory(payload);
  return Payload(memory).file_header(attributes, xattrs);
}

std::optional<ErrorKind> refusal(ByteView payload) {
  const RandomMemory memory(payload);
  return error_kind([&] { Payload{memory}; });
}

}  // namespace

TEST_CASE("a payload of any size is read as it was written") {
  // The offsets at the end have 1, 2 and 4 bytes.
  const auto size = GENERATE(0U, 5U, 100U, 256U, 60000U, 65536U, 1000000U);
  const Bytes bytes = serialize_payload(sample(size));
  const RandomMemory memory(bytes);
  const Payload payload(memory);
  CHECK(payload.attributes_count() == 2);
  CHECK(payload.xattrs_count() == 2);
  CHECK(payload.layout().blob.size == size);
  CHECK(payload.layout().operations == Stretch{payload.layout().blob.end(), 2});
  CHECK(payload.file_header(0, 0) == object::FileHeader{.mode = regular});
  const object::FileHeader other = payload.file_header(1, 1);
  CHECK(other.uid == 1000);
  CHECK(other.gid == 70000);
  CHECK(other.mode == with_setuid);
  REQUIRE(other.xattrs.size() == 2);
  CHECK(other.xattrs[0] == object::Xattr{"user.note", {'k'}});
  CHECK(payload.read_blob({0, size}, size) == Bytes(size, 'b'));
}

TEST_CASE("a payload of nothing has framing and that is all") {
  const Bytes bytes = serialize_payload({});
  CHECK(bytes == Bytes{0, 0, 0});
  const RandomMemory memory(bytes);
  const Payload payload(memory);
  CHECK(payload.attributes_count() == 0);
  CHECK(payload.xattrs_count() == 0);
  CHECK(payload.layout().operations.size == 0);
}

TEST_CASE("indexes beyond a payload's tables are refused") {
  const Bytes bytes = serialize_payload(sample(10));
  CHECK(error_kind([&] { header_in(bytes, 2, 0); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { header_in(bytes, 0, 2); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { header_in(bytes, UINT64_MAX, 0); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { header_in(bytes, 0, UINT64_MAX); }) == ErrorKind::Corrupt);
}

TEST_CASE("stretches beyond a payload's blob are refused") {
  const Bytes bytes = serialize_payload(sample(10));
  const RandomMemory memory(bytes);
  const Payload payload(memory);
  CHECK(payload.in_blob({3, 7}).size == 7);
  for (const Stretch bad :
       {Stretch{3, 8}, Stretch{11, 0}, Stretch{UINT64_MAX, 2}, Stretch{2, UINT64_MAX}})
    CHECK(error_kind([&] { payload.in_blob(bad); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { payload.read_blob({0, 10}, 9); }) == ErrorKind::Corrupt);
}

TEST_CASE("a payload whose framing makes no sense is refused") {
  CHECK(refusal({}) == ErrorKind::Corrupt);
  CHECK(refusal(Bytes{0, 0}) == ErrorKind::Corrupt);
  // Ends that go down, lie beyond the body, and a table of attributes that is not one.
  CHECK(refusal(Bytes{1, 2, 3, 3, 2, 1}) == ErrorKind::Corrupt);
  CHECK(refusal(Bytes{0, 0, 0, 4, 0, 0}) == ErrorKind::Corrupt);
  CHECK(refusal(Bytes{1, 2, 3, 3, 3, 3}) == ErrorKind::Corrupt);
  // A table of extended attributes of which the offsets begin behind its end, or in the middle of
  // one.
  CHECK(refusal(Bytes{9, 1, 1, 0}) == ErrorKind::Corrupt);
  Bytes large = serialize_payload({{.xattrs = {{{"user.large", Bytes(300)}}}}, {}, {}});
  CHECK_FALSE(refusal(large));
  large[large.size() - 2 * 3 - 2] -= 1;
  CHECK(refusal(large) == ErrorKind::Corrupt);
}

TEST_CASE("extended attributes of a payload are refused if they are too many") {
  const Bytes huge = serialize_payload(
      {{.attributes = {{.mode = regular}}, .xattrs = {{{"user.huge", Bytes(max_xattrs_size)}}}},
       {},
       {}});
  CHECK(error_kind([&] { header_in(huge, 0, 0); }) == ErrorKind::Corrupt);
  const Bytes twice = serialize_payload(
      {{.attributes = {{.mode = regular}}, .xattrs = {{{"user.a", {}}, {"user.a", {}}}}}, {}, {}});
  CHECK_NOTHROW(header_in(twice, 0, 0));  // libostree stores such files
}

TEST_CASE("compressions that are not known are refused") {
  CHECK(parse_compression(0) == Compression::None);
  CHECK(parse_compression('x') == Compression::Xz);
  for (const char other : {'g', 'z', '\1'})
    CHECK(error_kind([&] { parse_compression(static_cast<std::uint8_t>(other)); }) ==
          ErrorKind::Unsupported);
}
