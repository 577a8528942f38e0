// Whatever is done to the bytes, parsing either works or throws an Error of kind Corrupt. What it
// must not do (reading out of bounds, allocating without bound) shows under the sanitizers.

#include <catch2/catch.hpp>

#include "object/commit.hpp"
#include "object/file_header.hpp"
#include "object/stored_objects.hpp"
#include "object/summary.hpp"
#include "object/verify.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

void parse_object(const StoredObject& object) {
  if (object.name.type == ObjectType::File)
    parse_filez_header(object.bytes);
  else if (object.name.type == ObjectType::Commit)
    sizes_of(parse_commit(object.bytes));
  else
    verify_metadata_structure(object.name.type, object.bytes);
  // There is one way to write a thing; a reader that takes two has let something pass. Headers of
  // files are the exception: their extended attributes have no order, a link's size says nothing.
  if (is_metadata(object.name.type)) CHECK(rewritten(object) == object.bytes);
}

/// The copy has exactly the size of the bytes, so that a sanitizer sees the first byte past them.
template <typename Parse>
void check_damage(const Bytes& original, Parse parse) {
  std::size_t surprises = 0;
  const auto try_parse = [&](const Bytes& bytes) {
    const auto kind = error_kind([&] { parse(bytes); });
    if (kind && kind != ErrorKind::Corrupt) ++surprises;
  };
  for (std::size_t size = 0; size < original.size(); ++size)
    try_parse(Bytes(original.begin(), original.begin() + static_cast<std::ptrdiff_t>(size)));
  for (std::size_t i = 0; i < original.size(); ++i)
    for (const auto mask : Bytes{0x01, 0x80, 0xff}) {
      Bytes damaged = original;
      damaged[i] ^= mask;
      try_parse(damaged);
    }
  CHECK(surprises == 0);
}

}  // namespace

TEST_CASE("damaged objects") {
  for (const StoredObject& object : golden_objects()) {
    INFO(object.name.text());
    check_damage(object.bytes, [&](const Bytes& bytes) { parse_object({object.name, bytes}); });
  }
}

TEST_CASE("damaged summary") {
  check_damage(golden_summary(), [](const Bytes& bytes) { parse_summary(bytes); });
}

TEST_CASE("damaged bare-user metadata and extended attributes") {
  FileHeader header;
  header.mode = 0100755;
  header.xattrs = {{"security.selinux", Bytes(30, 'x')}, {"user.a", {1, 2, 3}}};
  check_damage(serialize_bare_user_metadata(header),
               [](const Bytes& bytes) { parse_bare_user_metadata(bytes); });
  check_damage(serialize_xattrs_object(header.xattrs),
               [](const Bytes& bytes) { parse_xattrs_object(bytes); });
}

TEST_CASE("a truncated object never passes for the whole one") {
  for (const StoredObject& object : golden_objects()) {
    if (object.name.type == ObjectType::File || object.name.type == ObjectType::CommitMeta)
      continue;
    INFO(object.name.text());
    for (std::size_t size = 0; size < object.bytes.size(); ++size)
      CHECK(error_kind([&] { verify_metadata(object.name, ByteView(object.bytes).first(size)); }) ==
            ErrorKind::Corrupt);
  }
}
