#include "delta/match/make_patch.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "delta/format/bsdiff.hpp"
#include "delta/match/suffix_array.hpp"

using namespace xylem;
using namespace xylem::delta;

namespace {

Bytes noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Bytes apply(ByteView old, ByteView patch, std::size_t size) {
  MemorySource source(patch);
  const RandomMemory old_file(old);
  BsdiffSource patched(source, old_file, size);
  return read_all(patched, size);
}

Bytes text(std::string_view content) {
  return {content.begin(), content.end()};
}

/// Bytes of a patch that are not zero.
std::size_t weight(ByteView patch) {
  return static_cast<std::size_t>(
      std::ranges::count_if(patch, [](std::uint8_t byte) { return byte != 0; }));
}

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_CASE("A patch makes the new file of the old one") {
  const Bytes old = noise(20000, 1);
  const Bytes fresh = noise(500, 2);
  const ByteView view(old);
  Bytes spotted = old;
  for (std::size_t i = 0; i < spotted.size(); i += 50) ++spotted[i];

  const std::vector<Bytes> changed{
      old,
      {},
      fresh,
      spotted,
      joined({fresh, old}),
      joined({old, fresh}),
      joined({view.first(7000), fresh, view.subspan(7000)}),
      joined({view.first(7000), view.subspan(9000)}),
      joined({view.subspan(10000), view.first(10000)}),
      joined({old, old, old}),
      Bytes(30000, 0),
      text("a"),
  };
  for (const Bytes& wanted : changed) {
    CAPTURE(wanted.size());
    const Bytes patch = make_patch(old, wanted);
    CHECK(apply(old, patch, wanted.size()) == wanted);
  }
}

TEST_CASE("A patch of an old file that has nothing is the new file") {
  const Bytes wanted = noise(300, 3);
  for (const Bytes& old : {Bytes{}, text("x"), text("xy")})
    CHECK(apply(old, make_patch(old, wanted), wanted.size()) == wanted);
}

TEST_CASE("What was moved or changed here and there costs little") {
  const Bytes old = noise(100000, 4);
  const ByteView view(old);
  Bytes spotted = old;
  for (std::size_t i = 7; i < spotted.size(); i += 64) ++spotted[i];
  const std::size_t spots = spotted.size() / 64 + 1;
  CHECK(weight(make_patch(old, spotted)) < spots + 200);
  CHECK(weight(make_patch(old, joined({view.subspan(60000), view.first(60000)}))) < 200);
  CHECK(weight(make_patch(old, joined({text("new"), old}))) < 200);
}

TEST_CASE("Long runs of equal bytes take no long time") {
  const Bytes zeros(3'000'000, 0);
  Bytes changed = zeros;
  for (std::size_t i = 0; i < changed.size(); i += 100'000) changed[i] = 1;
  changed.resize(changed.size() + 1'000'000, 0);
  const Bytes patch = make_patch(zeros, changed);
  CHECK(apply(zeros, patch, changed.size()) == changed);
}

TEST_CASE("Random changes are patched, whatever they are") {
  std::mt19937 engine(5);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  for (int round = 0; round < 200; ++round) {
    Bytes old = noise(random() % 3000, random());
    // Few letters, so that there are many matches everywhere.
    const auto letters = static_cast<std::uint8_t>(1 + random() % 5);
    for (std::uint8_t& byte : old) byte = static_cast<std::uint8_t>(byte % letters);
    Bytes changed;
    while (changed.size() < 3000 && random() % 20 != 0) {
      const std::size_t at = old.empty() ? 0 : random() % old.size();
      const std::size_t size = std::min<std::size_t>(random() % 400, old.size() - at);
      changed = joined({changed, ByteView(old).subspan(at, size), noise(random() % 9, random())});
    }
    CAPTURE(round, old.size(), changed.size());
    REQUIRE(apply(old, make_patch(old, changed), changed.size()) == changed);
  }
}

TEST_CASE("The longest match is found") {
  const Bytes old = text("the cat sat on the mat, and the caterpillar too");
  const SuffixArray suffixes(old);
  const auto longest = [&](std::string_view wanted) {
    const SuffixArray::Match match = suffixes.longest(as_bytes(wanted));
    return std::string(as_text(ByteView(old).subspan(match.position, match.size)));
  };
  CHECK(longest("caterwaul") == "cater");
  CHECK(longest("the mat!") == "the mat");
  CHECK(longest("too") == "too");
  CHECK(longest("oo much") == "oo");
  CHECK(longest("QQ").empty());
  CHECK(longest("").empty());
}
