// What is read and written straight must be what GLib reads and writes.

#include <catch2/catch.hpp>

#include "object/dirtree.hpp"
#include "object/stored_objects.hpp"
#include "object/variant/framing.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

DirTree tree_of(std::size_t files, std::size_t dirs) {
  DirTree tree;
  for (std::size_t i = 0; i < files; ++i)
    tree.files.push_back({std::to_string(100000 + i), Checksum::parse(std::string(64, 'a'))});
  for (std::size_t i = 0; i < dirs; ++i)
    tree.dirs.push_back({"d" + std::to_string(100000 + i), Checksum::parse(std::string(64, 'b')),
                         Checksum::parse(std::string(64, 'c'))});
  return tree;
}

Bytes written_by_glib(const DirTree& tree) {
  VariantBuilder files("a(say)");
  for (const DirTree::File& file : tree.files)
    files.add(VariantBuilder("(say)").add(std::string_view(file.name)).add(file.checksum).finish());
  VariantBuilder dirs("a(sayay)");
  for (const DirTree::Dir& dir : tree.dirs)
    dirs.add(VariantBuilder("(sayay)")
                 .add(std::string_view(dir.name))
                 .add(dir.tree)
                 .add(dir.meta)
                 .finish());
  return serialize_variant(
      VariantBuilder("(a(say)a(sayay))").add(files.finish()).add(dirs.finish()).finish().get());
}

Bytes written_by_glib(const Xattrs& xattrs) {
  VariantBuilder list("a(ayay)");
  for (const Xattr& xattr : xattrs)
    list.add(VariantBuilder("(ayay)")
                 .add(make_byte_array(as_bytes({xattr.name.c_str(), xattr.name.size() + 1})))
                 .add(make_byte_array(xattr.value))
                 .finish());
  return serialize_variant(list.finish().get());
}

/// Cut, flipped and repeated in many ways; those that `parse` takes must be normal to GLib.
template <typename Parse>
std::size_t accepted_but_not_normal(const char* type, const Bytes& original, Parse parse) {
  std::size_t wrong = 0;
  const auto look = [&](const Bytes& bytes) {
    if (error_kind([&] { parse(bytes); })) return;
    if (error_kind([&] { parse_variant(type, bytes, "thing"); })) ++wrong;
  };
  for (std::size_t i = 0; i < original.size(); ++i) {
    for (unsigned value = 0; value < 256; ++value) {
      Bytes bytes = original;
      bytes[i] = static_cast<std::uint8_t>(value);
      look(bytes);
    }
    Bytes longer = original;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), original[i]);
    look(longer);
    look(Bytes(original.begin(), original.begin() + static_cast<std::ptrdiff_t>(i)));
    look(Bytes(original.begin() + static_cast<std::ptrdiff_t>(i), original.end()));
  }
  return wrong;
}

}  // namespace

TEST_CASE("directories of any size are written as GLib does") {
  const auto files = GENERATE(0U, 1U, 2U, 5U, 6U, 7U, 100U, 1500U, 1600U, 1700U, 5000U);
  const auto dirs = GENERATE(0U, 1U, 2U, 3U, 4U, 1000U);
  const DirTree tree = tree_of(files, dirs);
  const Bytes bytes = serialize_dirtree(tree);
  CHECK((bytes == written_by_glib(tree)));
  CHECK((parse_dirtree(bytes) == tree));
}

TEST_CASE("extended attributes of any size are written as GLib does") {
  // Around the sizes where framing offsets become wider.
  const auto base = GENERATE(0U, 225U, 65500U);
  for (std::size_t size = base; size < base + 40U; ++size) {
    const Xattrs one = {{"user.a", Bytes(size, 1)}};
    const Xattrs two = {{"user.a", Bytes(size / 2, 1)}, {"user.b", Bytes(size / 2, 2)}};
    for (const Xattrs& xattrs : {one, two}) {
      const Bytes bytes = serialize_xattrs_object(xattrs);
      CHECK((bytes == written_by_glib(xattrs)));
      CHECK((parse_xattrs_object(bytes) == xattrs));
      CHECK((parse_xattrs(build_xattrs(xattrs).get()) == xattrs));
    }
  }
}

TEST_CASE("nothing is accepted that is not normal to GLib") {
  CHECK(accepted_but_not_normal("(a(say)a(sayay))", golden("9c9c6c", ObjectType::DirTree),
                                parse_dirtree) == 0);
  CHECK(accepted_but_not_normal("(uuua(ayay))", golden("2a814e", ObjectType::DirMeta),
                                parse_dirmeta) == 0);
  CHECK(accepted_but_not_normal("a(ayay)",
                                serialize_xattrs_object({{"a", {1, 2}}, {"b", {}}, {"cc", {3}}}),
                                parse_xattrs_object) == 0);
}

TEST_CASE("a tuple may consist of nothing but its offsets") {
  const Bytes tuple{0};
  for (const ByteView child : framing::split_tuple<2>(tuple)) CHECK(child.empty());
}

TEST_CASE("framing offsets wider than needed are refused") {
  // (asas) of two empty arrays, as GLib would never write it: 300 bytes ask for two-byte offsets.
  Bytes wide(256, 0);
  wide[254] = 254;
  CHECK(error_kind([&] { framing::split_tuple<2>(wide); }) == ErrorKind::Corrupt);
}

TEST_CASE("an array that claims more than it has is refused") {
  const auto bytes = GENERATE(Bytes{1}, Bytes{5, 0}, Bytes{0, 0, 255}, Bytes{1, 2, 3, 1, 9, 3});
  const auto read_all = [&] {
    const framing::ArrayReader array(bytes);
    for (std::size_t i = 0; i < array.size(); ++i) array[i];
  };
  CHECK(error_kind(read_all) == ErrorKind::Corrupt);
}

TEST_CASE("texts end with their only NUL") {
  CHECK(framing::text(Bytes{'a', 'b', 0}) == "ab");
  CHECK(framing::text(Bytes{0}).empty());
  CHECK(framing::terminated(Bytes{0xff, 0}) == "\xff");
  const auto bad =
      GENERATE(Bytes{}, Bytes{'a'}, Bytes{'a', 0, 'b', 0}, Bytes{0, 0}, Bytes{0xff, 0});
  CHECK(error_kind([&] { framing::text(bad); }) == ErrorKind::Corrupt);
}
