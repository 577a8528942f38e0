#include "delta/format/superblock.hpp"

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "delta/format/envelope.hpp"
#include "object/commit.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;
using object::ObjectType;

namespace {

Checksum numbered(std::uint8_t number) {
  std::array<std::uint8_t, Checksum::size> bytes{};
  bytes.fill(number);
  return Checksum(bytes);
}

/// Of two parts, one of them inline.
Superblock sample(ByteOrder order = ByteOrder::Little) {
  Superblock superblock;
  superblock.commit = object::serialize_commit({.subject = "one", .timestamp = 5});
  superblock.from = numbered(1);
  superblock.to = sha256(superblock.commit);
  superblock.timestamp = 1795244247;
  superblock.order = order;
  superblock.parts = {{0, numbered(2), 303753, 551566, {{numbered(3), ObjectType::DirTree}}},
                      {0,
                       numbered(4),
                       7,
                       0x0102030405,
                       {{numbered(5), ObjectType::File}, {numbered(6), ObjectType::DirMeta}}}};
  superblock.fallbacks = {{{numbered(7), ObjectType::File}, 21343, 21851648}};
  object::DictBuilder metadata;
  metadata.set("note", std::string_view("kept"));
  metadata.set(superblock_key::endianness,
               take_variant(g_variant_new_byte(static_cast<std::uint8_t>(order))));
  metadata.set(superblock.name().part(1), object::VariantBuilder("(yay)")
                                              .add(take_variant(g_variant_new_byte('x')))
                                              .add(object::make_byte_array(as_bytes("payload")))
                                              .finish());
  object::DictBuilder detached;
  detached.set("a", std::string_view("b"));
  metadata.set(superblock.name().commitmeta(), GVariantPtr(g_variant_ref(detached.build().get())));
  superblock.metadata = metadata.build();
  return superblock;
}

void check_same(const Superblock& a, const Superblock& b) {
  CHECK(a.order == b.order);
  CHECK(a.timestamp == b.timestamp);
  CHECK(a.name() == b.name());
  CHECK(a.commit == b.commit);
  CHECK(a.parts == b.parts);
  CHECK(a.fallbacks == b.fallbacks);
  CHECK(g_variant_equal(a.metadata.get(), b.metadata.get()));
}

/// What becomes of the sample once `change` was at it.
template <typename Change>
std::optional<ErrorKind> refusal(Change change) {
  Superblock superblock = sample();
  change(superblock);
  const Bytes bytes = serialize_superblock(superblock);
  return error_kind([&] { parse_superblock(bytes); });
}

}  // namespace

TEST_CASE("a superblock is read as it was written, in either byte order") {
  const auto order = GENERATE(ByteOrder::Little, ByteOrder::Big);
  const Superblock written = sample(order);
  const Bytes bytes = serialize_superblock(written);
  const Superblock read = parse_superblock(bytes);
  check_same(read, written);
  CHECK_FALSE(read.order_is_guessed);
  CHECK(serialize_superblock(read) == bytes);
}

TEST_CASE("a superblock's numbers have the byte order that it says") {
  const Bytes little = serialize_superblock(sample(ByteOrder::Little));
  const Bytes big = serialize_superblock(sample(ByteOrder::Big));
  REQUIRE(little.size() == big.size());
  const std::string_view big_number("\0\0\0\1\2\3\4\5", 8);
  const std::string_view little_number("\5\4\3\2\1\0\0\0", 8);
  CHECK(as_text(little).find(little_number) == as_text(big).find(big_number));
  CHECK(as_text(big).find(big_number) != std::string_view::npos);
}

TEST_CASE("a superblock that starts from nothing says so") {
  Superblock superblock = sample();
  superblock.from.reset();
  const Bytes bytes = serialize_superblock(superblock);
  CHECK_FALSE(parse_superblock(bytes).from);
  CHECK(inline_parts(parse_superblock(bytes)).empty());
}

TEST_CASE("parts and metadata are found inside of a superblock") {
  const Bytes bytes = serialize_superblock(sample());
  const Superblock superblock = parse_superblock(bytes);
  const auto parts = inline_parts(superblock);
  REQUIRE(parts.size() == 1);
  CHECK(as_text(parts.at(1)) == "xpayload");
  REQUIRE(detached_metadata(superblock));
  CHECK(detached_metadata(superblock)->find_string("a") == "b");
  Superblock bare = sample();
  bare.metadata = object::Dict();
  CHECK(inline_parts(bare).empty());
  CHECK_FALSE(detached_metadata(bare));
}

TEST_CASE("the byte order of a superblock without a tag is guessed from its sizes") {
  const auto order = GENERATE(ByteOrder::Little, ByteOrder::Big);
  const bool odd_tag = GENERATE(false, true);
  Superblock superblock = sample(order);
  superblock.parts.resize(1);
  object::DictBuilder metadata;
  if (odd_tag) metadata.set(superblock_key::endianness, take_variant(g_variant_new_byte('X')));
  superblock.metadata = metadata.build();
  const Bytes bytes = serialize_superblock(superblock);
  const Superblock read = parse_superblock(bytes);
  CHECK(read.order_is_guessed);
  check_same(read, superblock);
}

TEST_CASE("byte order is guessed by the largest size") {
  struct Row {
    std::vector<std::uint64_t> sizes;
    ByteOrder order;
  };
  const std::vector<Row> rows = {
      {{}, ByteOrder::Little},
      {{0, 0}, ByteOrder::Little},
      {{593, 482}, ByteOrder::Little},
      {{reordered(std::uint64_t{593}, ByteOrder::Big),
        reordered(std::uint64_t{482}, ByteOrder::Big)},
       ByteOrder::Big},
      {{1ULL << 40, 1}, ByteOrder::Little},
      {{0x0102030405060708, 0x0102030405060708}, ByteOrder::Little},
      {{0x0100000000000001, 0x0100000000000001}, ByteOrder::Little},
  };
  for (const Row& row : rows) CHECK(guess_byte_order(row.sizes) == row.order);
}

TEST_CASE("a superblock of another delta is refused") {
  const Superblock superblock = sample();
  CHECK_NOTHROW(require_name(superblock, superblock.name()));
  for (const DeltaName& other :
       {DeltaName{numbered(1), numbered(9)}, DeltaName{numbered(9), superblock.to},
        DeltaName{std::nullopt, superblock.to}})
    CHECK(error_kind([&] { require_name(superblock, other); }) == ErrorKind::Corrupt);
}

TEST_CASE("a superblock that could do harm is refused") {
  CHECK_FALSE(refusal([](Superblock&) {}));
  CHECK(refusal([](Superblock& s) { s.to = numbered(9); }) == ErrorKind::Corrupt);
  CHECK(refusal([](Superblock& s) {
          s.commit = object::serialize_commit({.subject = "another"});
        }) == ErrorKind::Corrupt);
  CHECK(refusal([](Superblock& s) { s.parts[0].objects[0].type = ObjectType::Commit; }) ==
        ErrorKind::Corrupt);
  for (const int type : {0, 5, 6, 7, 255})
    CHECK(refusal([&](Superblock& s) {
            s.parts[0].objects[0].type = static_cast<ObjectType>(type);
          }) == ErrorKind::Corrupt);
  CHECK(refusal([](Superblock& s) { s.fallbacks[0].object.type = ObjectType::DirTree; }) ==
        ErrorKind::Corrupt);
}

TEST_CASE("a superblock without objects or parts is one") {
  CHECK_FALSE(refusal([](Superblock& s) { s.parts.clear(); }));
  CHECK_FALSE(refusal([](Superblock& s) { s.parts[0].objects.clear(); }));
}

TEST_CASE("a superblock that is cut short is refused") {
  const Bytes bytes = serialize_superblock(sample());
  for (std::size_t size = 0; size < bytes.size(); size += 7)
    CHECK(error_kind([&] { parse_superblock(ByteView(bytes).first(size)); }) == ErrorKind::Corrupt);
}

TEST_CASE("a superblock is found in its envelope") {
  const Bytes superblock = serialize_superblock(sample());
  object::DictBuilder signatures;
  signatures.set("ostree.sign.dummy", std::string_view("signature"));
  const Bytes bytes = serialize_envelope(superblock, signatures.build());
  CHECK(as_text(bytes).starts_with("OSTSGNDT"));
  const auto envelope = parse_envelope(bytes);
  REQUIRE(envelope);
  CHECK(envelope->superblock.data() == bytes.data() + 8);
  CHECK(Bytes(envelope->superblock.begin(), envelope->superblock.end()) == superblock);
  CHECK(envelope->signatures.find_string("ostree.sign.dummy") == "signature");
}

TEST_CASE("what has no signature is no envelope") {
  const Bytes superblock = serialize_superblock(sample());
  CHECK_FALSE(parse_envelope(superblock));
  CHECK_FALSE(parse_envelope({}));
  CHECK_FALSE(parse_envelope(as_bytes("OSTSGNDT")));
  CHECK_FALSE(parse_envelope(serialize_envelope(superblock, object::Dict())));
  object::DictBuilder other;
  other.set("ostree.other", std::string_view("x"));
  CHECK_FALSE(parse_envelope(serialize_envelope(superblock, other.build())));
  // A plain superblock whose first key has the letters.
  Superblock named = sample();
  object::DictBuilder metadata;
  metadata.set("OSTSGNDT", std::string_view("x"));
  named.metadata = metadata.build();
  const Bytes bytes = serialize_superblock(named);
  CHECK_FALSE(parse_envelope(bytes));
  CHECK_NOTHROW(parse_superblock(bytes));
}
