#include <catch2/catch.hpp>

#include "delta/format/delta_name.hpp"
#include "delta/format/index.hpp"
#include "object/summary.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::delta;

namespace {

constexpr char from_hex[] = "a31a95efcd1e2ec5ba1ce92dd3a7ddda6bc5e3bd3e9a7d5c7d6d3a9f5a0b6371";
constexpr char to_hex[] = "fbffbe000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c";

DeltaName pair() {
  return {Checksum::parse(from_hex), Checksum::parse(to_hex)};
}

/// As `ostree.static-deltas` of an index.
object::Dict listing(const object::Dict& digests) {
  object::DictBuilder index;
  index.set(object::summary_key::static_deltas, share(GVariantPtr(g_variant_ref(digests.get()))));
  return index.build();
}

}  // namespace

TEST_CASE("a delta has a name as text and a directory") {
  CHECK(pair().text() == std::string(from_hex) + "-" + to_hex);
  CHECK(pair().dir() ==
        "deltas/ox/"
        "qV780eLsW6HOkt06fd2mvF470+mn1cfW06n1oLY3E-+_++AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw");
  const DeltaName scratch{std::nullopt, pair().to};
  CHECK(scratch.text() == to_hex);
  CHECK(scratch.dir() == "deltas/+_/++AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw");
  CHECK(scratch.superblock() == scratch.dir() + "/superblock");
  CHECK(scratch.part(12) == scratch.dir() + "/12");
  CHECK(delta_index_file(pair().to) ==
        "delta-indexes/+_/++AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw.index");
}

TEST_CASE("a delta's name is found out from its text or its directory") {
  for (const DeltaName& name : {pair(), DeltaName{std::nullopt, pair().to}}) {
    CHECK(parse_delta_name(name.text()) == name);
    const std::string dir = name.dir();
    CHECK(parse_delta_dir(dir.substr(7, 2), dir.substr(10)) == name);
    CHECK_FALSE(parse_delta_dir(dir.substr(7, 3), dir.substr(10)));
    CHECK_FALSE(parse_delta_dir(dir.substr(7, 2), dir.substr(10) + "="));
  }
  const std::string hex = to_hex;
  for (const std::string& bad : {std::string(), hex + "-", "-" + hex, hex + "-" + hex + "-" + hex,
                                 hex.substr(1), "zz" + hex.substr(2), hex + "+" + hex})
    CHECK_FALSE(parse_delta_name(bad));
}

TEST_CASE("an index is read as it was written") {
  const std::vector<DeltaEntry> entries = {{pair(), Checksum::parse(to_hex)},
                                           {{std::nullopt, pair().to}, Checksum::parse(from_hex)}};
  CHECK(parse_delta_index(serialize_delta_index(entries)) == entries);
  CHECK(parse_delta_index(serialize_delta_index({})).empty());
  CHECK(listed_deltas(object::Dict()).empty());
}

TEST_CASE("entries of an index that are of no delta are passed over") {
  object::DictBuilder digests;
  digests.set("zz", object::make_byte_array(pair().to.bytes()));
  digests.set(to_hex, object::make_string("not bytes"));
  digests.set(from_hex, object::make_byte_array(Bytes(31)));
  digests.set(pair().text(), object::make_byte_array(pair().to.bytes()));
  CHECK(listed_deltas(listing(digests.build())) == std::vector<DeltaEntry>{{pair(), pair().to}});
  object::DictBuilder other;
  other.set(object::summary_key::static_deltas, std::string_view("not a list"));
  CHECK(listed_deltas(other.build()).empty());
}

TEST_CASE("an index that is damaged is refused") {
  const Bytes bytes = serialize_delta_index({{pair(), pair().to}});
  const Bytes cut(bytes.begin(), bytes.end() - 1);
  CHECK(error_kind([&] { parse_delta_index(cut); }) == ErrorKind::Corrupt);
}
