#include <catch2/catch.hpp>

#include "base/os/fd_source.hpp"
#include "base/os/os.hpp"
#include "base/stream.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

TEST_CASE("a memory source ends") {
  MemorySource source(as_bytes("abcde"));
  Bytes buffer(3);
  CHECK(source.read(buffer) == 3);
  CHECK(as_text(buffer) == "abc");
  CHECK(source.read(buffer) == 2);
  CHECK(source.read(buffer) == 0);
}

TEST_CASE("a descriptor source reads on from its offset") {
  const test::TempDir dir;
  test::write_file(dir / "file", "0123456789");
  const UniqueFd fd = os::open(dir.at("file"), O_RDONLY);
  FdSource source(fd, 4);
  CHECK(as_text(read_all(source, 100)) == "456789");
  CHECK(::lseek(fd.get(), 0, SEEK_CUR) == 0);
}

TEST_CASE("reading all stops at the limit") {
  const Bytes content(10000, 'x');
  const auto read_with = [&](std::uint64_t limit) {
    MemorySource source(content);
    return read_all(source, limit).size();
  };
  CHECK(read_with(10000) == 10000);
  CHECK(error_kind([&] { read_with(9999); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { read_with(0); }) == ErrorKind::Corrupt);
}
