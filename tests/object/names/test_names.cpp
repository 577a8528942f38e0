#include "object/names/names.hpp"

#include <catch2/catch.hpp>

#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::object;
using namespace std::string_literals;

TEST_CASE("refs") {
  const auto good =
      GENERATE("a"s, "os/stable"s, "_x"s, "9"s, "a.b-c_d"s, "exampleos/x86_64/1.0"s, "app/org.x.Y"s,
               "größe/日本"s, "a/b/c/d/e"s, std::string(64, 'a'), "a.lock"s, "a.."s);
  CHECK(is_valid_ref(good));
  CHECK_NOTHROW(validate_ref(good));
}

TEST_CASE("what is no ref") {
  const auto bad =
      GENERATE(""s, "/"s, "a/"s, "/a"s, "a//b"s, "."s, ".."s, "../a"s, "a/../b"s, ".a"s, "-a"s,
               "a/-b"s, "a b"s, "a\n"s, "a:b"s, "a\0b"s, "a^"s, "a~"s, "\xff"s, "a\xc3"s, "a*"s);
  CHECK_FALSE(is_valid_ref(bad));
  CHECK(error_kind([&] { validate_ref(bad); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("remote names") {
  struct Row {
    std::string name;
    bool valid;
  };
  const auto row =
      GENERATE(Row{"origin", true}, Row{"my-remote.2", true}, Row{"_r", true}, Row{"", false},
               Row{"a/b", false}, Row{".a", false}, Row{"-a", false}, Row{"a:b", false},
               Row{"a\n", false}, Row{"a b", false}, Row{"a\"]\n[x", false}, Row{"..", false});
  CHECK(is_valid_remote_name(row.name) == row.valid);
  if (!row.valid)
    CHECK(error_kind([&] { validate_remote_name(row.name); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("collection ids") {
  struct Row {
    std::string id;
    bool valid;
  };
  const auto row = GENERATE(
      Row{"org.example.Os", true}, Row{"a.b", true}, Row{"_a._b9", true}, Row{"", false},
      Row{"org", false}, Row{".org.a", false}, Row{"org..a", false}, Row{"org.a.", false},
      Row{"org.9a", false}, Row{"org.a-b", false}, Row{"org.a/b", false}, Row{"org.ä", false},
      Row{"a." + std::string(253, 'x'), true}, Row{"a." + std::string(254, 'x'), false},
      Row{"org.a\0b"s, false}, Row{"org.\xff", false});
  CHECK(is_valid_collection_id(row.id) == row.valid);
  if (!row.valid)
    CHECK(error_kind([&] { validate_collection_id(row.id); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("file names") {
  struct Row {
    std::string name;
    bool valid;
  };
  const auto row = GENERATE(Row{"a", true}, Row{"...", true}, Row{".hidden", true}, Row{" ", true},
                            Row{"a\nb", true}, Row{"日本", true}, Row{"-rf", true}, Row{"", false},
                            Row{".", false}, Row{"..", false}, Row{"/", false}, Row{"a/b", false},
                            Row{"a\0b"s, false}, Row{"\xff", false}, Row{"a\xe2\x82", false});
  CHECK(is_valid_file_name(row.name) == row.valid);
}

TEST_CASE("refspecs") {
  const RefSpec both = RefSpec::parse("origin:os/stable");
  CHECK(both.remote == "origin");
  CHECK(both.ref == "os/stable");
  CHECK(both.text() == "origin:os/stable");

  const RefSpec local = RefSpec::parse("os/stable");
  CHECK_FALSE(local.remote);
  CHECK(local.text() == "os/stable");
  CHECK(local != both);

  const auto bad = GENERATE(":a"s, "a:"s, ""s, ":"s, "a:b:c"s, "a/b:c"s, "a: b"s, "a:../b"s);
  CHECK(error_kind([&] { RefSpec::parse(bad); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("names in messages cannot harm a terminal") {
  CHECK(quoted("plain") == "'plain'");
  CHECK(quoted("ä") == "'ä'");
  CHECK(quoted("\x1b[31m\x7f\n") == "'\\x1b[31m\\x7f\\x0a'");
  CHECK(quoted("\xff") == "'\xef\xbf\xbd'");
  CHECK(quoted("a\0b"s).find('\0') == std::string::npos);
  CHECK(quoted("") == "''");
  CHECK(quoted(std::string(100000, 'x')).size() < 300);
}
