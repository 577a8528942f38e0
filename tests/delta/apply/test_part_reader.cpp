#include "delta/apply/part_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "base/os/os.hpp"
#include "delta/apply/window.hpp"
#include "delta/delta_data.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;
using test::TempDir;

namespace {

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
  return bytes;
}

PartHeader header_of(ByteView file) {
  return {.checksum = sha256(file), .size = file.size()};
}

Bytes content_of(const RandomSource& source) {
  StretchSource all = whole(source);
  return read_all(all, source.size());
}

Bytes read(ByteView file, const PartHeader& header, const PartOptions& options) {
  MemorySource source(file);
  return content_of(*read_part(source, header, options));
}

/// Not compressed.
Bytes raw(ByteView payload) {
  Bytes file(1 + payload.size());
  std::ranges::copy(payload, file.begin() + 1);
  return file;
}

/// Counts what is read of it.
class CountingSource : public RandomMemory {
 public:
  using RandomMemory::RandomMemory;
  void read_at(MutableByteView buffer, std::uint64_t offset) const override {
    RandomMemory::read_at(buffer, offset);
    ++reads;
    bytes += buffer.size();
  }
  mutable std::uint64_t reads = 0;
  mutable std::uint64_t bytes = 0;
};

}  // namespace

TEST_CASE("a payload comes out of its part, compressed or not") {
  const TempDir dir;
  const PartOptions options{.spool = {.dir = dir.fd(), .memory = 1000}};
  const auto size = GENERATE(0U, 3U, 1000U, 1001U, 300'000U);
  const Bytes payload = counting(size);
  for (const Bytes& file : {raw(payload), test::part_file(payload)})
    CHECK(read(file, header_of(file), options) == payload);
}

TEST_CASE("a part that is not the one announced is refused") {
  const TempDir dir;
  const PartOptions options{.spool = {.dir = dir.fd()}};
  const Bytes payload = counting(5000);
  for (const Bytes& file : {raw(payload), test::part_file(payload)}) {
    const auto refusal = [&](auto change) {
      PartHeader header = header_of(file);
      change(header);
      return error_kind([&] { read(file, header, options); });
    };
    CHECK_FALSE(refusal([](PartHeader&) {}));
    CHECK(refusal([](PartHeader& h) { h.checksum = Checksum(); }) == ErrorKind::Corrupt);
    CHECK(refusal([](PartHeader& h) { h.size -= 1; }) == ErrorKind::Corrupt);
    CHECK_FALSE(refusal([](PartHeader& h) { h.size += 1; }));
    CHECK(refusal([](PartHeader& h) { h.version = 1; }) == ErrorKind::Unsupported);
    CHECK_FALSE(refusal([](PartHeader& h) { h.content_size = 1; }));
  }
}

TEST_CASE("a part whose bytes are wrong is refused") {
  const TempDir dir;
  const PartOptions options{.spool = {.dir = dir.fd()}};
  const auto refusal = [&](const Bytes& file) {
    return error_kind([&] { read(file, header_of(file), options); });
  };
  CHECK(refusal({}) == ErrorKind::Corrupt);
  CHECK(refusal({'x'}) == ErrorKind::Corrupt);
  CHECK(refusal({'g', 1, 2}) == ErrorKind::Unsupported);
  Bytes file = test::part_file(counting(5000));
  file.push_back(0);
  CHECK(refusal(file) == ErrorKind::Corrupt);
  file.resize(file.size() / 2);
  CHECK(refusal(file) == ErrorKind::Corrupt);
}

TEST_CASE("a payload that is larger than allowed is refused") {
  const TempDir dir;
  const Bytes payload(100'000);
  for (const Bytes& file : {raw(payload), test::part_file(payload)}) {
    PartOptions options{.spool = {.dir = dir.fd()}, .max_payload = payload.size()};
    CHECK_NOTHROW(read(file, header_of(file), options));
    options.max_payload -= 1;
    CHECK(error_kind([&] { read(file, header_of(file), options); }) == ErrorKind::Corrupt);
  }
}

TEST_CASE("a spool goes to a file that nobody sees once it is large") {
  const TempDir dir;
  Spool spool({.dir = dir.fd(), .memory = 10});
  const Bytes bytes = counting(25);
  spool.append(ByteView(bytes).first(10));
  CHECK(spool.in_memory());
  CHECK(content_of(spool) == Bytes(bytes.begin(), bytes.begin() + 10));
  spool.append(ByteView(bytes).subspan(10, 1));
  CHECK_FALSE(spool.in_memory());
  spool.append(ByteView(bytes).subspan(11));
  CHECK(content_of(spool) == bytes);
  Bytes one(1);
  spool.read_at(one, 24);
  CHECK(one[0] == bytes[24]);
  CHECK(error_kind([&] { spool.read_at(one, 25); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { spool.read_at(one, UINT64_MAX); }) == ErrorKind::Corrupt);
  CHECK_FALSE(os::remove_dir({FileDescriptor::cwd(), dir.path() + "/x"}));
  CHECK(os::stat(dir.fd()).st_nlink == 2);
}

TEST_CASE("a window gives what the source has, wherever it is read") {
  const Bytes bytes = counting(1'000'000);
  const CountingSource source(bytes);
  const Window window(source);
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < 5000; ++i) {
    offset = i % 10 == 0 ? i * 104'729 % 900'000 : offset + i % 50;
    Bytes piece(i % 997 == 0 ? 90'000 : i % 70);
    window.read_at(piece, offset);
    REQUIRE(std::equal(piece.begin(), piece.end(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(offset)));
  }
  Bytes piece(10);
  CHECK_NOTHROW(window.read_at(piece, bytes.size() - 10));
  CHECK(error_kind([&] { window.read_at(piece, bytes.size() - 9); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { window.read_at(piece, UINT64_MAX - 3); }) == ErrorKind::Corrupt);
}

TEST_CASE("a window reads ahead for who goes on, and little for who jumps") {
  const Bytes bytes = counting(1'000'000);
  Bytes piece(24);
  const CountingSource in_order(bytes);
  const Window forward(in_order);
  for (std::uint64_t at = 0; at + piece.size() < bytes.size(); at += piece.size())
    forward.read_at(piece, at);
  CHECK(in_order.reads < 30);
  const CountingSource jumped(bytes);
  const Window jumping(jumped);
  for (std::uint64_t i = 0; i < 100; ++i) jumping.read_at(piece, (i % 2) * 500'000 + i * 5000);
  CHECK(jumped.bytes <= 100 * 4096);
}
