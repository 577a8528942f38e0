#include "base/os/random_file.hpp"
#include "base/random_source.hpp"

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

std::string text_at(const RandomSource& source, std::uint64_t offset, std::size_t size) {
  Bytes bytes(size);
  source.read_at(bytes, offset);
  return std::string(as_text(bytes));
}

void check_letters(const RandomSource& source) {
  CHECK(source.size() == 26);
  CHECK(text_at(source, 0, 3) == "abc");
  CHECK(text_at(source, 23, 3) == "xyz");
  CHECK(text_at(source, 26, 0).empty());
  for (const Stretch bad : {Stretch{24, 3}, Stretch{27, 0}, Stretch{UINT64_MAX, 2}})
    CHECK(error_kind([&] { text_at(source, bad.offset, bad.size); }) == ErrorKind::Corrupt);
}

}  // namespace

TEST_CASE("a stretch fits only if it ends within the whole") {
  CHECK(Stretch{0, 0}.fits(0));
  CHECK(Stretch{3, 7}.fits(10));
  CHECK_FALSE(Stretch{3, 8}.fits(10));
  CHECK_FALSE(Stretch{11, 0}.fits(10));
  CHECK_FALSE(Stretch{UINT64_MAX, 2}.fits(UINT64_MAX));
  CHECK_FALSE(Stretch{2, UINT64_MAX}.fits(UINT64_MAX));
}

TEST_CASE("memory and files are read at any place, and not beyond their end") {
  const std::string letters = "abcdefghijklmnopqrstuvwxyz";
  check_letters(RandomMemory(as_bytes(letters)));

  const test::TempDir dir;
  test::write_file(dir / "file", "0123" + letters);
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR);
  const RandomFile file(fd, 4);
  check_letters(file);
  CHECK(RandomFile(fd, 100).size() == 0);

  os::truncate(fd, 10);
  CHECK(text_at(file, 0, 6) == "abcdef");
  CHECK(error_kind([&] { text_at(file, 5, 3); }) == ErrorKind::Corrupt);
}

TEST_CASE("a stretch is read from its begin to its end") {
  const std::string letters = "abcdefghij";
  const RandomMemory memory(as_bytes(letters));
  StretchSource source(memory, {2, 5});
  CHECK(as_text(read_all(source, 5)) == "cdefg");
  CHECK(source.left() == 0);
  StretchSource all = whole(memory);
  CHECK(as_text(read_all(all, 10)) == letters);
  CHECK(error_kind([&] { StretchSource(memory, {8, 3}); }) == ErrorKind::Corrupt);
}
