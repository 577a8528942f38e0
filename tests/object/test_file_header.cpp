#include "object/file_header.hpp"

#include <catch2/catch.hpp>

#include "base/codec/inflate.hpp"
#include "object/stored_objects.hpp"
#include "object/variant/variant_builder.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

struct Fields {
  std::uint32_t mode = 0100644;
  std::uint32_t rdev = 0;
  std::string target;
  std::uint64_t size = 6;
};

/// A front part with exactly these fields, sensible or not.
Bytes filez(const Fields& fields) {
  const Bytes variant = serialize_variant(VariantBuilder("(tuuuusa(ayay))")
                                              .add_be64(fields.size)
                                              .add_be32(0)
                                              .add_be32(0)
                                              .add_be32(fields.mode)
                                              .add_be32(fields.rdev)
                                              .add(std::string_view(fields.target))
                                              .add(build_xattrs({}))
                                              .finish()
                                              .get());
  Bytes bytes(8 + variant.size());
  bytes[3] = static_cast<std::uint8_t>(variant.size());
  std::copy(variant.begin(), variant.end(), bytes.begin() + 8);
  return bytes;
}

std::optional<ErrorKind> parse_error(const Bytes& bytes) {
  return error_kind([&] { parse_filez_header(bytes); });
}

}  // namespace

TEST_CASE("the header of a plain file, to the byte") {
  // "hello\n", 0:0, 0100644, as libostree 2022.7 writes it.
  const Bytes expected = {0, 0,    0,    0x1a, 0, 0, 0, 0,  // frame
                          0, 0,    0,    0,    0, 0, 0, 6,  // size
                          0, 0,    0,    0,    0, 0, 0, 0, 0,
                          0, 0x81, 0xa4, 0,    0, 0, 0, 0, 0x19};  // target, offset
  FileHeader header;
  header.mode = 0100644;
  CHECK(serialize_filez_header(header, 6) == expected);
  const FilezHeader parsed = parse_filez_header(expected);
  CHECK(parsed.file == header);
  CHECK(parsed.size == 6);
  CHECK(parsed.header_length == expected.size());
  CHECK(filez_header_length(ByteView(expected).first(8)) == expected.size());
}

TEST_CASE("what follows the header is left alone") {
  Bytes bytes = filez({});
  const std::size_t length = bytes.size();
  bytes.insert(bytes.end(), {1, 2, 3});
  CHECK(parse_filez_header(bytes).header_length == length);
}

TEST_CASE("file, symbolic link and setuid file of libostree") {
  const FilezHeader hello = parse_filez_header(golden("83a66d", ObjectType::File));
  CHECK(hello.size == 6);
  CHECK(hello.file.mode == 0100644);
  CHECK(hello.file.uid == 0);
  CHECK_FALSE(hello.file.is_symlink());
  REQUIRE(hello.file.xattrs.size() == 2);
  CHECK(hello.file.xattrs[0].name == "user.aa");
  CHECK(as_text(hello.file.xattrs[1].value) == "last");

  bool setuid = false;
  bool link = false;
  for (const StoredObject& object : golden_objects()) {
    if (object.name.type != ObjectType::File) continue;
    const FileHeader file = parse_filez_header(object.bytes).file;
    setuid |= file.mode == 0104755;
    link |= file.is_symlink() && file.symlink_target == "../nowhere" && file.uid == 1000;
  }
  CHECK(setuid);
  CHECK(link);
}

TEST_CASE("the hash does not depend on the order of extended attributes") {
  FileHeader header;
  header.mode = 0100644;
  header.xattrs = {{"user.b", {1}}, {"user.a", {2}}};
  FileHeader sorted = header;
  canonicalize(sorted.xattrs);
  CHECK(serialize_file_header(header) == serialize_file_header(sorted));
  CHECK(serialize_filez_header(header, 0) != serialize_filez_header(sorted, 0));
  CHECK(parse_filez_header(serialize_filez_header(header, 0)).file == sorted);
}

TEST_CASE("frames that are refused") {
  struct Row {
    const char* why;
    Bytes bytes;
  };
  const auto row = GENERATE(Row{"empty", {}}, Row{"cut", {0, 0, 0, 1, 0, 0, 0}},
                            Row{"no header", {0, 0, 0, 0, 0, 0, 0, 0}},
                            Row{"padding", {0, 0, 0, 26, 0, 0, 0, 1}},
                            Row{"past 128 MiB", {8, 0, 0, 1, 0, 0, 0, 0}},
                            Row{"4 GiB", {255, 255, 255, 255, 0, 0, 0, 0}});
  INFO(row.why);
  CHECK(error_kind([&] { filez_header_length(row.bytes); }) == ErrorKind::Corrupt);
  CHECK(parse_error(row.bytes) == ErrorKind::Corrupt);
}

TEST_CASE("the largest header is allowed, and then missing") {
  const Bytes bytes = {8, 0, 0, 0, 0, 0, 0, 0};
  CHECK(filez_header_length(bytes) == 8 + 128 * 1024 * 1024);
  CHECK(parse_error(bytes) == ErrorKind::Corrupt);
}

TEST_CASE("fields that are refused") {
  CHECK_FALSE(parse_error(filez({})));
  CHECK_FALSE(parse_error(filez({0120777, 0, "a", 0})));
  struct Row {
    const char* why;
    Fields fields;
  };
  const auto row = GENERATE(
      Row{"device number", {0100644, 1, "", 6}}, Row{"directory", {0040755, 0, "", 6}},
      Row{"block device", {0060644, 0, "", 6}}, Row{"fifo", {0010644, 0, "", 6}},
      Row{"socket", {0140644, 0, "", 6}}, Row{"no type", {0644, 0, "", 6}},
      Row{"bits above", {0300644, 0, "", 6}}, Row{"link without target", {0120777, 0, "", 0}},
      Row{"file with target", {0100644, 0, "x", 6}});
  INFO(row.why);
  CHECK(parse_error(filez(row.fields)) == ErrorKind::Corrupt);
}

TEST_CASE("the stored size of a symbolic link does not count") {
  CHECK(parse_filez_header(filez({0120777, 0, "target", 6})).size == 0);
}

TEST_CASE("bare-user metadata of a symbolic link, to the byte") {
  FileHeader header;
  header.mode = 0120777;
  header.symlink_target = "/nowhere";
  const Bytes expected = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xa1, 0xff};
  CHECK(serialize_bare_user_metadata(header) == expected);
  const FileHeader parsed = parse_bare_user_metadata(expected);
  CHECK(parsed.mode == 0120777);
  CHECK(parsed.symlink_target.empty());
  CHECK(error_kind([] { parse_bare_user_metadata({}); }) == ErrorKind::Corrupt);
  CHECK(error_kind([] { parse_bare_user_metadata(Bytes(12)); }) == ErrorKind::Corrupt);
}

TEST_CASE("file modes") {
  struct Row {
    std::uint32_t mode;
    bool file;
    bool dir;
  };
  const auto row =
      GENERATE(Row{0100000, true, false}, Row{0107777, true, false}, Row{0120777, true, false},
               Row{0040000, false, true}, Row{0041777, false, true}, Row{0, false, false},
               Row{01100644, false, false}, Row{0x80000000 | 0100644, false, false},
               Row{0x00010000 | 0040755, false, false}, Row{0170000, false, false});
  CHECK(error_kind([&] { validate_file_mode(row.mode); }).has_value() != row.file);
  CHECK(error_kind([&] { validate_dir_mode(row.mode); }).has_value() != row.dir);
}
