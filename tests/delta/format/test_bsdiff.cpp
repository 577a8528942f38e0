#include <catch2/catch.hpp>
#include <numeric>

#include "delta/format/bsdiff.hpp"
#include "delta/format/limits.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;

namespace {

/// A stream of records with their bytes.
class Patch {
 public:
  Patch& add(std::uint64_t add, std::uint64_t copy, std::int64_t seek, std::string_view bytes) {
    append_bsdiff_record(bytes_, {add, copy, seek});
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  ByteView bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

/// Reads `step` bytes at a time.
std::string patched(ByteView patch, std::string_view old, std::uint64_t size, std::size_t step) {
  MemorySource source(patch);
  const RandomMemory memory(as_bytes(old));
  BsdiffSource content(source, memory, size);
  Bytes result;
  Bytes buffer(step);
  while (const std::size_t count = content.read(buffer))
    result.insert(result.end(), buffer.begin(), buffer.begin() + static_cast<long>(count));
  return std::string(as_text(result));
}

std::string patched(const Patch& patch, std::string_view old, std::uint64_t size) {
  std::string result = patched(patch.bytes(), old, size, 1);
  for (const std::size_t step : {2U, 3U, 7U, 1000U})
    CHECK(patched(patch.bytes(), old, size, step) == result);
  return result;
}

std::optional<ErrorKind> refusal(ByteView patch, std::uint64_t size) {
  return error_kind([&] { patched(patch, "0123456789", size, 4); });
}

constexpr std::string_view zeros("\0\0\0\0\0\0\0\0\0\0\0\0", 12);

}  // namespace

TEST_CASE("numbers of a bsdiff record have a sign and a magnitude") {
  Bytes bytes;
  append_bsdiff_record(bytes, {200000, 19, -2});
  CHECK(bytes ==
        Bytes{0x40, 0x0d, 3, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x80});
  CHECK(parse_bsdiff_record(bytes) == BsdiffRecord{200000, 19, -2});
  bytes[16] = 0;  // -0
  CHECK(parse_bsdiff_record(bytes) == BsdiffRecord{200000, 19, 0});
  for (const std::int64_t seek : {INT64_MAX, -INT64_MAX}) {
    Bytes extreme;
    append_bsdiff_record(extreme, {max_bsdiff_run, 0, seek});
    CHECK(parse_bsdiff_record(extreme) == BsdiffRecord{max_bsdiff_run, 0, seek});
  }
}

TEST_CASE("a length of a bsdiff record is neither negative nor beyond the format's limit") {
  for (const std::size_t which : {0U, 8U}) {
    Bytes bytes(bsdiff_record_size);
    bytes[which] = 1;
    bytes[which + 7] = 0x80;
    CHECK(error_kind([&] { parse_bsdiff_record(bytes); }) == ErrorKind::Corrupt);
    bytes[which + 7] = 0;
    bytes[which + 3] = 0x80;
    CHECK(error_kind([&] { parse_bsdiff_record(bytes); }) == ErrorKind::Corrupt);
  }
}

TEST_CASE("a patch makes a file of another") {
  const std::string_view old = "0123456789";
  CHECK(patched(Patch(), old, 0).empty());
  CHECK(patched(Patch().add(4, 3, 0, std::string(zeros.substr(0, 4)) + "abc"), old, 7) ==
        "0123abc");
  CHECK(patched(Patch().add(2, 0, 0, std::string_view("\1\xff", 2)), old, 2) == "10");
  CHECK(patched(Patch()
                    .add(2, 1, 6, std::string(zeros.substr(0, 2)) + "-")
                    .add(2, 1, -10, std::string(zeros.substr(0, 2)) + "-")
                    .add(2, 0, 0, zeros.substr(0, 2)),
                old, 8) == "01-89-01");
  // Records that do nothing but move.
  CHECK(patched(Patch().add(0, 0, 5, "").add(0, 0, 3, "").add(1, 0, 0, zeros.substr(0, 1)), old,
                1) == "8");
}

TEST_CASE("what lies outside of the old file counts as zeros") {
  const auto abc = [](std::int64_t seek) {
    return patched(Patch().add(0, 0, seek, "").add(4, 0, 0, "abcd"), std::string("\1\1\1", 3), 4);
  };
  CHECK(abc(0) == "bcdd");
  CHECK(abc(-2) == "abde");
  CHECK(abc(2) == "bbcd");
  CHECK(abc(1000) == "abcd");
  CHECK(abc(-1000) == "abcd");
  CHECK(abc(INT64_MAX) == "abcd");
  CHECK(abc(-INT64_MAX) == "abcd");
  CHECK(patched(Patch().add(4, 0, 0, "abcd"), "", 4) == "abcd");
}

TEST_CASE("positions in the old file wrap around and harm nobody") {
  Patch patch;
  for (int i = 0; i < 4; ++i) patch.add(0, 0, INT64_MAX, "");
  CHECK(patched(patch.add(1, 0, 0, "a"), "0123456789", 1) == "a");
}

TEST_CASE("a patch that does not fit its file is refused") {
  CHECK(refusal({}, 1) == ErrorKind::Corrupt);
  CHECK(refusal(Patch().add(4, 0, 0, "").bytes(), 4) == ErrorKind::Corrupt);
  CHECK(refusal(Patch().add(0, 4, 0, "abc").bytes(), 4) == ErrorKind::Corrupt);
  CHECK(refusal(Patch().add(5, 0, 0, zeros).bytes(), 4) == ErrorKind::Corrupt);
  CHECK(refusal(Patch().add(2, 3, 0, zeros).bytes(), 4) == ErrorKind::Corrupt);
  CHECK(refusal(Patch().add(0, 0, 1, "").add(0, 0, 1, "").bytes(), 4) == ErrorKind::Corrupt);
  const Bytes cut(bsdiff_record_size - 1);
  CHECK(refusal(cut, 4) == ErrorKind::Corrupt);
  CHECK_FALSE(refusal(Patch().add(0, 4, 7, "abcd and more behind it").bytes(), 4));
}
