#include "base/codec/xz.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/error_kind.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr XzLimits generous{100 * mebibyte, 1 << 30};

Bytes sample(std::size_t size) {
  Bytes bytes(size);
  std::mt19937 random(1);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>(i < size / 2 ? i % 7 : random());
  return bytes;
}

Bytes compressed(ByteView content, std::uint32_t preset = 1) {
  MemorySource source(content);
  Bytes result;
  xz_stream(source, preset,
            [&](ByteView piece) { result.insert(result.end(), piece.begin(), piece.end()); });
  return result;
}

Bytes decompressed(ByteView data, const XzLimits& limits = generous) {
  MemorySource source(data);
  XzSource xz(source, limits);
  return read_all(xz, limits.output);
}

/// What becomes of it when it is read like a stream whose content nobody keeps.
std::optional<ErrorKind> refusal(ByteView data, const XzLimits& limits = generous) {
  return error_kind([&] { decompressed(data, limits); });
}

/// Hands out one byte at a time.
class SlowSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  std::size_t read(MutableByteView buffer) override { return MemorySource::read(buffer.first(1)); }
};

/// By the program, with these options.
Bytes by_program(const std::string& options, ByteView content) {
  const test::TempDir dir;
  test::write_file(dir / "in", content);
  test::run_ok({"sh", "-c", "xz -c " + options + " '" + dir / "in" + "' > '" + dir / "out" + "'"});
  return test::read_file(dir / "out");
}

}  // namespace

TEST_CASE("xz is inverse both ways, in steps of any size") {
  const auto size = GENERATE(0U, 1U, 1000U, 128U * 1024, 1000003U);
  const Bytes content = sample(size);
  const Bytes data = compressed(content);
  CHECK(decompressed(data) == content);
  CHECK(xz_content_size(RandomMemory(data), mebibyte) == size);

  SlowSource slow(data);
  XzSource xz(slow, generous);
  Bytes result;
  Bytes buffer(997);
  while (const std::size_t count = xz.read(buffer))
    result.insert(result.end(), buffer.begin(), buffer.begin() + static_cast<long>(count));
  CHECK(result == content);
  CHECK(xz.read(buffer) == 0);
}

TEST_CASE("every kind of xz stream that others write is read") {
  const Bytes content = sample(300'000);
  const auto* options =
      GENERATE("-0", "-9", "-8e", "-C crc32", "-C sha256", "-C none", "--x86 --lzma2=preset=1",
               "--block-size=40000 -T2", "--delta=dist=4 --lzma2=preset=0");
  INFO(options);
  const Bytes data = by_program(options, content);
  CHECK(decompressed(data) == content);
  CHECK(xz_content_size(RandomMemory(data), mebibyte) == content.size());
}

TEST_CASE("an xz stream that is no such thing, or damaged, is refused") {
  const Bytes content = sample(100'000);
  const Bytes data = compressed(content);
  CHECK(refusal({}) == ErrorKind::Corrupt);
  CHECK(refusal(as_bytes("this is text and nothing else")) == ErrorKind::Corrupt);
  CHECK(refusal(by_program("--format=lzma", content)) == ErrorKind::Corrupt);
  for (std::size_t size = 1; size < data.size(); size += 977)
    CHECK(refusal(ByteView(data).first(size)) == ErrorKind::Corrupt);
  CHECK(refusal(ByteView(data).first(data.size() - 1)) == ErrorKind::Corrupt);

  Bytes turned = data;
  turned[data.size() / 2] ^= 1;
  CHECK(refusal(turned) == ErrorKind::Corrupt);

  Bytes longer = data;
  longer.push_back(0);
  CHECK(refusal(longer) == ErrorKind::Corrupt);
  longer.pop_back();
  longer.insert(longer.end(), data.begin(), data.end());
  CHECK(refusal(longer) == ErrorKind::Corrupt);
}

TEST_CASE("an xz stream gives no more than it may") {
  const Bytes zeros(10 * mebibyte);
  const Bytes bomb = compressed(zeros);
  REQUIRE(bomb.size() < 10'000);
  CHECK_FALSE(refusal(bomb, {100 * mebibyte, zeros.size()}));
  CHECK(refusal(bomb, {100 * mebibyte, zeros.size() - 1}) == ErrorKind::Corrupt);
  CHECK(refusal(bomb, {100 * mebibyte, 0}) == ErrorKind::Corrupt);
  CHECK_FALSE(refusal(compressed({}), {100 * mebibyte, 0}));
  CHECK_FALSE(refusal(bomb, {100 * mebibyte, UINT64_MAX}));
}

TEST_CASE("an xz stream takes no more memory than it may") {
  const Bytes small = by_program("--lzma2=dict=96MiB", as_bytes("hello"));
  CHECK_FALSE(refusal(small, {100 * mebibyte, 5}));
  const Bytes large = by_program("--lzma2=dict=97MiB", as_bytes("hello"));
  CHECK(refusal(large, {100 * mebibyte, 5}) == ErrorKind::Unsupported);
}

TEST_CASE("the size in an xz index is read only from an index") {
  const RandomMemory nothing({});
  CHECK(error_kind([&] { xz_content_size(nothing, mebibyte); }) == ErrorKind::Corrupt);
  Bytes data = compressed(sample(1000));
  data[data.size() - 10] ^= 1;
  const RandomMemory damaged(data);
  CHECK(error_kind([&] { xz_content_size(damaged, mebibyte); }) == ErrorKind::Corrupt);
  const RandomMemory cut(ByteView(data).subspan(4));
  CHECK(error_kind([&] { xz_content_size(cut, mebibyte); }) == ErrorKind::Corrupt);
}
