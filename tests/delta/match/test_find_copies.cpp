#include "delta/match/find_copies.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "delta/match/chunks.hpp"

using namespace xylem;
using namespace xylem::delta;

namespace {

Bytes noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// What the pieces make.
Bytes apply(ByteView old, ByteView changed, const std::vector<Piece>& pieces) {
  Bytes made;
  for (const Piece& piece : pieces) {
    const ByteView from = piece.is_old ? old : changed;
    REQUIRE(piece.place.size > 0);
    REQUIRE(piece.place.fits(from.size()));
    if (!piece.is_old) REQUIRE(piece.place.offset == made.size());
    const ByteView bytes = from.subspan(piece.place.offset, piece.place.size);
    made.insert(made.end(), bytes.begin(), bytes.end());
  }
  return made;
}

std::vector<Piece> copies(ByteView old, ByteView changed) {
  return find_copies(RandomMemory(old), RandomMemory(changed));
}

}  // namespace

TEST_CASE("Pieces make the new file") {
  const Bytes old = noise(50000, 1);
  const Bytes fresh = noise(700, 2);
  const ByteView view(old);
  for (const Bytes& changed : {old, Bytes{}, fresh, joined({fresh, old}), joined({old, fresh, old}),
                               joined({view.first(20000), fresh, view.subspan(20000)}),
                               joined({view.subspan(25000), view.first(25000)}), Bytes(70000, 0)}) {
    CAPTURE(changed.size());
    CHECK(apply(old, changed, copies(old, changed)) == changed);
  }
}

TEST_CASE("What is equal is copied to the byte, in one piece") {
  const Bytes old = noise(50000, 1);
  const Bytes fresh = noise(10, 2);
  const ByteView view(old);
  CHECK(copies(old, old) == std::vector<Piece>{{true, {0, 50000}}});
  CHECK(copies(old, joined({view.first(20000), fresh, view.subspan(20000)})) ==
        std::vector<Piece>{{true, {0, 20000}}, {false, {20000, 10}}, {true, {20000, 30000}}});
  CHECK(copies(old, joined({fresh, view.subspan(30000), view.first(30000)})) ==
        std::vector<Piece>{{false, {0, 10}}, {true, {30000, 20000}}, {true, {0, 30000}}});
}

TEST_CASE("The first byte of a file may change") {
  Bytes changed = noise(50000, 1);
  const Bytes old = changed;
  changed.front() ^= 1;
  CHECK(copies(old, changed) == std::vector<Piece>{{false, {0, 1}}, {true, {1, 49999}}});
  CHECK(new_bytes(copies(old, changed)) == 1);
}

TEST_CASE("Without anything in common all is new") {
  CHECK(copies(noise(5000, 1), noise(5000, 2)) == std::vector<Piece>{{false, {0, 5000}}});
  CHECK(copies({}, noise(5000, 2)) == std::vector<Piece>{{false, {0, 5000}}});
}

TEST_CASE("Chunks are a file, and the same wherever their bytes are") {
  const Bytes content = noise(100000, 3);
  const Bytes shifted = joined({noise(333, 4), content});
  const auto hashes = [](ByteView bytes) {
    MemorySource source(bytes);
    Chunks chunks(source, bytes.size(), 256);
    std::vector<std::uint64_t> all;
    std::uint64_t end = 0;
    while (const auto chunk = chunks.next()) {
      REQUIRE(chunk->place.offset == end);
      REQUIRE(chunk->place.size <= 1024);
      end = chunk->place.end();
      all.push_back(chunk->hash);
    }
    REQUIRE(end == bytes.size());
    std::ranges::sort(all);
    return all;
  };
  const auto first = hashes(content);
  const auto second = hashes(shifted);
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(first, second, std::back_inserter(both));
  CHECK(both.size() + 5 > first.size());
  CHECK(first.size() > 200);
}
