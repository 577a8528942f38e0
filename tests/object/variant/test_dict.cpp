#include <catch2/catch.hpp>

#include "object/variant/variant.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

/// A variant in a variant in a variant, as bytes: unit value, then one "\0v" a level.
Bytes nested(std::size_t depth) {
  Bytes bytes = {1, 0, 'y'};
  for (std::size_t i = 0; i < depth; ++i) bytes.insert(bytes.end(), {0, 'v'});
  return bytes;
}

}  // namespace

TEST_CASE("a dictionary gives back what was put in") {
  const Dict dict = DictBuilder()
                        .set("text", "ä")
                        .set("list", std::vector<std::string>{"a", "", "b"})
                        .set_bool("yes", true)
                        .set_be64("time", 0x0102030405060708)
                        .set("bytes", make_byte_array(as_bytes("xyz")))
                        .build();
  CHECK(dict.find_string("text") == "ä");
  CHECK(dict.find_strings("list") == std::vector<std::string>{"a", "", "b"});
  CHECK(dict.find_bool("yes") == true);
  CHECK(dict.find_be64("time") == 0x0102030405060708);
  CHECK(as_text(bytes_of(dict.find("bytes", "ay").get())) == "xyz");
  CHECK(dict.keys() == std::vector<std::string>{"text", "list", "yes", "time", "bytes"});
  CHECK_FALSE(dict.empty());
}

TEST_CASE("a value of another type is not found") {
  const Dict dict = DictBuilder().set("text", "a").build();
  CHECK(dict.find("text"));
  CHECK(dict.find("text", "s"));
  CHECK_FALSE(dict.find("text", "ay"));
  CHECK_FALSE(dict.find("other"));
  CHECK_FALSE(dict.find_bool("text"));
  CHECK_FALSE(dict.find_be64("text"));
  CHECK_FALSE(dict.find_strings("text"));
  CHECK_FALSE(dict.find_string("other"));
}

TEST_CASE("numbers are stored big-endian") {
  const Dict dict = DictBuilder().set_be64("n", 1).build();
  CHECK(serialize_variant(dict.find("n").get()) == from_hex("0000000000000001"));
}

TEST_CASE("a builder replaces and removes in place") {
  const Dict base = DictBuilder().set("a", "1").set("b", "2").set("c", "3").build();
  const Dict changed = DictBuilder(base).set("b", "two").remove("a").set("d", "4").build();
  CHECK(changed.keys() == std::vector<std::string>{"b", "c", "d"});
  CHECK(changed.find_string("b") == "two");
  CHECK(base.find_string("b") == "2");
  CHECK(serialize_variant(DictBuilder(base).build().get()) == serialize_variant(base.get()));
}

TEST_CASE("copies and empty dictionaries") {
  Dict dict;
  CHECK(dict.empty());
  CHECK(dict.keys().empty());
  CHECK(serialize_variant(dict.get()).empty());
  const Dict other = DictBuilder().set("a", "1").build();
  dict = other;
  CHECK(dict.find_string("a") == "1");
  const Dict copy(dict);
  CHECK(copy.get() == other.get());
}

TEST_CASE("text that a GVariant cannot hold is refused") {
  using namespace std::string_literals;
  const auto bad = GENERATE("\xff"s, "a\0b"s, "\xc3"s);
  CHECK(error_kind([&] { make_string(bad); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { DictBuilder().set("key", std::string_view(bad)); }) ==
        ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { DictBuilder().set(bad, "value").build(); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("only normal form is parsed") {
  CHECK(parse_variant("s", from_hex("6100"), "text"));
  CHECK(parse_variant("b", from_hex("01"), "flag"));
  struct Row {
    const char* type;
    const char* hex;
  };
  const auto row =
      GENERATE(Row{"s", "61"}, Row{"s", ""}, Row{"s", "ff00"}, Row{"b", "02"}, Row{"u", "000000"},
               Row{"(uy)", "0100000001010000"}, Row{"as", "6100ff"}, Row{"v", "0000"},
               Row{"(asas)", ""}, Row{"()", ""}, Row{"a{sv}", "00"});
  CHECK(error_kind([&] { parse_variant(row.type, from_hex(row.hex), "thing"); }) ==
        ErrorKind::Corrupt);
  CHECK(error_kind([&] { borrow_variant(row.type, from_hex(row.hex), "thing"); }) ==
        ErrorKind::Corrupt);
}

TEST_CASE("how deep variants nest is bounded") {
  CHECK(parse_variant("v", nested(20), "thing"));
  CHECK(error_kind([] { parse_variant("v", nested(1000), "thing"); }) == ErrorKind::Corrupt);
  CHECK(error_kind([] { parse_variant("v", nested(5000000), "thing"); }) == ErrorKind::Corrupt);
}

TEST_CASE("misaligned bytes parse as well") {
  Bytes bytes(1);
  const Bytes number = from_hex("0000000000000007");
  bytes.insert(bytes.end(), number.begin(), number.end());
  const GVariantPtr variant = borrow_variant("t", ByteView(bytes).subspan(1), "number");
  CHECK(g_variant_get_uint64(variant.get()) == GUINT64_TO_BE(7));
}

TEST_CASE("a checksum has 32 bytes") {
  const Checksum checksum = Checksum::parse(std::string(64, 'b'));
  CHECK(checksum_of(make_byte_array(checksum.bytes()).get(), "it") == checksum);
  CHECK(error_kind([] { checksum_of(make_byte_array(Bytes(31)).get(), "it"); }) ==
        ErrorKind::Corrupt);
  CHECK(error_kind([] { checksum_of(make_byte_array({}).get(), "it"); }) == ErrorKind::Corrupt);
}
