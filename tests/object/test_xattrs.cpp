#include "object/xattrs.hpp"

#include <catch2/catch.hpp>

#include "object/variant/variant.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;
using namespace std::string_literals;

namespace {

Bytes bytes(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

/// A stored list whose names are exactly these bytes.
GVariantPtr list_of(const std::vector<std::string>& stored_names) {
  VariantBuilder list("a(ayay)");
  for (const std::string& name : stored_names)
    list.add(VariantBuilder("(ayay)")
                 .add(make_byte_array(as_bytes(name)))
                 .add(make_byte_array(as_bytes("value")))
                 .finish());
  return list.finish();
}

}  // namespace

TEST_CASE("extended attributes survive writing and reading") {
  const Xattrs xattrs = {
      {"security.capability", Bytes(20)}, {"user.a", {}}, {"user.b", bytes("x")}};
  CHECK(parse_xattrs(build_xattrs(xattrs).get()) == xattrs);
  CHECK(parse_sorted_xattrs(build_xattrs(xattrs).get()) == xattrs);
  CHECK(parse_xattrs_object(serialize_xattrs_object(xattrs)) == xattrs);
  CHECK(parse_xattrs_object({}).empty());
}

TEST_CASE("reading sorts by name, bytewise") {
  const Xattrs xattrs = parse_xattrs(list_of({"b\0"s, "ab\0"s, "a\0"s, "\xc3\xa4\0"s}).get());
  REQUIRE(xattrs.size() == 4);
  CHECK(xattrs[0].name == "a");
  CHECK(xattrs[1].name == "ab");
  CHECK(xattrs[2].name == "b");
  CHECK(xattrs[3].name == "ä");
  CHECK(error_kind([] {
          parse_sorted_xattrs(list_of({"b\0"s, "a\0"s}).get());
        }) == ErrorKind::Corrupt);
}

TEST_CASE("names that are refused") {
  struct Row {
    std::vector<std::string> names;
  };
  const auto row =
      GENERATE(Row{{""}}, Row{{"\0"s}}, Row{{"user.a"}}, Row{{"a\0b\0"s}}, Row{{"a\0\0"s}});
  CHECK(error_kind([&] { parse_xattrs(list_of(row.names).get()); }) == ErrorKind::Corrupt);
  CHECK(error_kind([&] { parse_sorted_xattrs(list_of(row.names).get()); }) == ErrorKind::Corrupt);
}

TEST_CASE("a name that comes twice is kept for files, and refused for directories") {
  const GVariantPtr list = list_of({"a\0"s, "a\0"s});
  CHECK(parse_xattrs(list.get()).size() == 2);
  CHECK(error_kind([&] { parse_sorted_xattrs(list.get()); }) == ErrorKind::Corrupt);
}
