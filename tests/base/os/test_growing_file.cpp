#include <catch2/catch.hpp>
#include <future>

#include "base/os/growing_file.hpp"
#include "base/os/os.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

constexpr std::size_t total = 5'000'000;

/// A file that grows, and what it will be.
struct Growth {
  test::TempDir dir;
  Bytes content;
  UniqueFd fd = os::open(dir.at("part"), O_RDWR | O_CREAT, 0644);
  GrowingFile file{os::duplicate(fd), total};

  Growth() {
    for (std::size_t i = 0; i < total; ++i)
      content.push_back(static_cast<std::uint8_t>(i * i >> 9));
  }
  void write(std::size_t from, std::size_t to) {
    os::write_all_at(fd, ByteView(content).subspan(from, to - from), from);
    file.grew(to);
  }
  /// Everything, read in pieces that do not fit to those that are written.
  Bytes read() {
    Bytes bytes(total + 1);
    std::size_t size = 0;
    while (
        const std::size_t count = file.read_at(
            MutableByteView(bytes).subspan(size, std::min<std::size_t>(70'001, total + 1 - size)),
            size))
      size += count;
    bytes.resize(size);
    return bytes;
  }
};

}  // namespace

TEST_CASE("a growing file is read to its end by who is ahead of its writer", "[base]") {
  Growth growth;
  auto read = std::async(std::launch::async, [&] { return growth.read(); });
  for (std::size_t size = 0; size < total; size += 12'500) growth.write(size, size + 12'500);
  growth.file.complete(growth.dir.at("whole"));
  CHECK(read.get() == growth.content);
  CHECK(growth.file.wait_complete().name == "whole");
}

TEST_CASE("what is there of a growing file is read without waiting", "[base]") {
  Growth growth;
  growth.write(0, 3'000'000);
  Bytes bytes(3'000'000);
  CHECK(growth.file.read_at(bytes, 0) == bytes.size());
  CHECK(std::equal(bytes.begin(), bytes.end(), growth.content.begin()));
}

TEST_CASE("a growing file may end before its time", "[base]") {
  Growth growth;
  growth.write(0, 1'000);
  growth.file.complete(growth.dir.at("part"));
  CHECK(growth.read().size() == 1'000);
}

TEST_CASE("who reads an abandoned file is told", "[base]") {
  Growth growth;
  growth.write(0, 1'000'000);
  auto read = std::async(std::launch::async, [&] { return error_kind([&] { growth.read(); }); });
  auto wait = std::async(std::launch::async,
                         [&] { return error_kind([&] { growth.file.wait_complete(); }); });
  growth.file.abandon();
  CHECK(read.get() == ErrorKind::Cancelled);
  CHECK(wait.get() == ErrorKind::Cancelled);
  CHECK(error_kind([&] { growth.read(); }) == ErrorKind::Cancelled);
}
