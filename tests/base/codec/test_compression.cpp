#include <catch2/catch.hpp>
#include <random>

#include "base/codec/deflate.hpp"
#include "base/codec/inflate.hpp"
#include "support/error_kind.hpp"

using namespace xylem;

namespace {

Bytes deflated(ByteView content, int level = 6) {
  MemorySource source(content);
  Bytes result;
  deflate_stream(source, level,
                 [&](ByteView piece) { result.insert(result.end(), piece.begin(), piece.end()); });
  return result;
}

/// Half repetitive, half random, so that all kinds of deflate blocks occur.
Bytes sample(std::size_t size) {
  Bytes bytes(size);
  std::mt19937 random(1);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>(i < size / 2 ? i % 7 : random());
  return bytes;
}

/// Inflates with buffers of these sizes, as a slow reader would.
Bytes inflate_in_steps(ByteView in, std::size_t in_step, std::size_t out_step) {
  Inflater inflater;
  Bytes result;
  Bytes out(out_step);
  for (;;) {
    const auto step = inflater.run(in.first(std::min(in.size(), in_step)), out);
    in = in.subspan(step.consumed);
    result.insert(result.end(), out.begin(),
                  out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    if (step.finished || (step.consumed == 0 && step.produced == 0)) return result;
  }
}

}  // namespace

TEST_CASE("deflate and inflate are inverse") {
  const auto size = GENERATE(0U, 1U, 1000U, 128U * 1024, 1000003U);
  const auto level = GENERATE(1, 6, 9);
  const Bytes content = sample(size);
  const Bytes compressed = deflated(content, level);
  Bytes back(size);
  inflate_exact(compressed, back);
  CHECK((back == content));
}

TEST_CASE("deflating in memory, at changing levels, gives the bytes that streaming gives") {
  const auto size = GENERATE(0U, 1U, 1000U, 128U * 1024, 1000003U);
  const Bytes content = sample(size);
  for (const int level : {6, 6, 1, 9, 6})
    CHECK((deflate_bytes(content, level) == deflated(content, level)));
}

TEST_CASE("inflating in pieces gives the same") {
  const Bytes content = sample(50000);
  const Bytes compressed = deflated(content);
  const auto in_step = GENERATE(1U, 13U, 1000000U);
  const auto out_step = GENERATE(1U, 4096U);
  CHECK((inflate_in_steps(compressed, in_step, out_step) == content));
}

TEST_CASE("the end of a stream is seen, and what follows it is left") {
  Bytes compressed = deflated(as_bytes("hello"));
  const std::size_t size = compressed.size();
  compressed.insert(compressed.end(), 100, 0x55);
  Inflater inflater;
  Bytes out(100);
  const auto step = inflater.run(compressed, out);
  CHECK(step.finished);
  CHECK(step.consumed == size);
  CHECK(step.produced == 5);
}

TEST_CASE("nothing can be inflated into no room") {
  Inflater inflater;
  const auto step = inflater.run(deflated({}), {});
  CHECK(step.finished);
  CHECK(step.produced == 0);
  CHECK_NOTHROW(inflate_exact(deflated({}), {}));
}

TEST_CASE("a step without room or input goes nowhere") {
  const Bytes compressed = deflated(as_bytes("hello"));
  Inflater inflater;
  Bytes out(5);
  const auto hungry = inflater.run({}, out);
  CHECK(hungry.consumed == 0);
  CHECK(hungry.produced == 0);
  CHECK_FALSE(hungry.finished);
  const auto full = inflater.run(compressed, {});
  CHECK(full.produced == 0);
  CHECK_FALSE(full.finished);
}

TEST_CASE("an inflater starts again") {
  const Bytes compressed = deflated(as_bytes("hello"));
  Inflater inflater;
  Bytes out(5);
  inflater.run(ByteView(compressed).first(3), out);
  inflater.reset();
  CHECK(inflater.run(compressed, out).finished);
  CHECK(as_text(out) == "hello");
}

TEST_CASE("inflate_exact wants one stream of one size") {
  const Bytes good = deflated(as_bytes("hello"));
  const auto inflate_to = [](const Bytes& in, std::size_t size) {
    Bytes out(size);
    return error_kind([&] { inflate_exact(in, out); });
  };
  CHECK_FALSE(inflate_to(good, 5));
  CHECK(inflate_to(good, 4) == ErrorKind::Corrupt);
  CHECK(inflate_to(good, 6) == ErrorKind::Corrupt);
  CHECK(inflate_to(good, 0) == ErrorKind::Corrupt);
  CHECK(inflate_to({}, 5) == ErrorKind::Corrupt);
  CHECK(inflate_to({}, 0) == ErrorKind::Corrupt);

  Bytes trailing = good;
  trailing.push_back(0);
  CHECK(inflate_to(trailing, 5) == ErrorKind::Corrupt);
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(inflate_to(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)), 5) ==
          ErrorKind::Corrupt);
}

TEST_CASE("damaged streams are told, or give other bytes, and never crash") {
  const Bytes content = sample(2000);
  const Bytes good = deflated(content);
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 0xff;
    Bytes out(content.size());
    const auto kind = error_kind([&] { inflate_exact(bad, out); });
    CHECK((kind == ErrorKind::Corrupt || out != content));
    const auto streamed = error_kind([&] { inflate_in_steps(bad, 100, 100); });
    CHECK((!streamed || streamed == ErrorKind::Corrupt));
  }
}

TEST_CASE("a zlib wrapper is not deflate") {
  const Bytes wrapped = {0x78, 0x9c, 0x4b, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62};
  Bytes out(1);
  CHECK(error_kind([&] { inflate_exact(wrapped, out); }) == ErrorKind::Corrupt);
}
