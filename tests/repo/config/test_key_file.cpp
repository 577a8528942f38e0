#include <catch2/catch.hpp>

#include "repo/config/key_file.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

constexpr char sample[] =
    "# about the repository\n"
    "[core]\n"
    "repo_version=1\n"
    "# about the mode\n"
    "mode=archive-z2\n"
    "fsync=false\n"
    "\n"
    "[remote \"origin\"]\n"
    "url=https://example.org/repo\n"
    "branches=a;b/c;\n"
    "gpgkeypath=/k1.gpg,/k2.gpg\n"
    "odd=one\\stwo\\nthree\n";

KeyFile parse(std::string_view text) {
  return KeyFile::parse(as_bytes(text), "test.conf");
}

std::string message_of(std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("values are found by group and key") {
  const KeyFile file = parse(sample);
  CHECK(file.groups() == std::vector<std::string>{"core", "remote \"origin\""});
  CHECK(file.keys("core") == std::vector<std::string>{"repo_version", "mode", "fsync"});
  CHECK(file.find_string("core", "mode") == "archive-z2");
  CHECK(file.find_bool("core", "fsync") == false);
  CHECK(file.find_int("core", "repo_version") == 1);
  CHECK(file.find_string("remote \"origin\"", "odd") == "one two\nthree");
  CHECK_FALSE(file.find_string("core", "url"));
  CHECK_FALSE(file.find_bool("none", "fsync"));
  CHECK(file.keys("none").empty());
}

TEST_CASE("lists may be separated by semicolons or by commas") {
  const KeyFile file = parse(sample);
  const std::string group = "remote \"origin\"";
  CHECK(file.find_list(group, "branches") == std::vector<std::string>{"a", "b/c"});
  CHECK(file.find_list(group, "gpgkeypath") == std::vector<std::string>{"/k1.gpg", "/k2.gpg"});
  CHECK(file.find_list(group, "url") == std::vector<std::string>{"https://example.org/repo"});
  CHECK_FALSE(file.find_list(group, "none"));
}

TEST_CASE("empty elements of a list count, but for those at the end") {
  const KeyFile file = parse("[g]\na=,x\nb=x;;y;\nc=\nd=;;\n");
  CHECK(file.find_list("g", "a") == std::vector<std::string>{"", "x"});
  CHECK(file.find_list("g", "b") == std::vector<std::string>{"x", "", "y"});
  CHECK(file.find_list("g", "c") == std::vector<std::string>{});
  CHECK(file.find_list("g", "d") == std::vector<std::string>{});
}

TEST_CASE("comments and order survive loading, changing and saving") {
  KeyFile file = parse(sample);
  file.set("core", "fsync", "true");
  // GLib sets the comment at the top apart by an empty line; then nothing moves any more.
  const std::string text = file.text();
  CHECK(text.starts_with("# about the repository\n"));
  CHECK_THAT(text, Catch::Contains("[core]\nrepo_version=1\n# about the mode\nmode=archive-z2\n"
                                   "fsync=true\n\n[remote \"origin\"]\nurl="));
  CHECK(parse(text).text() == text);
}

TEST_CASE("a copy is independent") {
  const KeyFile file = parse(sample);
  KeyFile copy = file;
  CHECK(copy.text() == file.text());
  copy.set("core", "mode", "bare");
  CHECK(file.find_string("core", "mode") == "archive-z2");
  KeyFile assigned;
  assigned = copy;
  CHECK(assigned.find_string("core", "mode") == "bare");
}

TEST_CASE("what is written is read again") {
  KeyFile file;
  for (const std::string& value :
       {std::string("plain"), std::string(" spaces "), std::string("two\nlines\tand\\more"),
        std::string(), std::string("a;b"), std::string("Grüße = [x] # no comment")}) {
    file.set("group \"x\"", "key", value);
    CHECK(parse(file.text()).find_string("group \"x\"", "key") == value);
  }
}

TEST_CASE("keys and groups can be removed") {
  KeyFile file = parse(sample);
  CHECK(file.remove_key("core", "fsync"));
  CHECK_FALSE(file.remove_key("core", "fsync"));
  CHECK(file.remove_group("remote \"origin\""));
  CHECK_FALSE(file.remove_group("remote \"origin\""));
  CHECK(file.groups() == std::vector<std::string>{"core"});
}

TEST_CASE("values of the wrong type are refused with their place") {
  const KeyFile file = parse("[core]\nfsync=perhaps\nlevel=six\n");
  CHECK_THROWS_WITH(file.find_bool("core", "fsync"), Catch::Contains("fsync") &&
                                                         Catch::Contains("core") &&
                                                         Catch::Contains("perhaps"));
  CHECK_THROWS_WITH(file.find_int("core", "level"),
                    Catch::Contains("level") && Catch::Contains("six"));
}

TEST_CASE("files that are no key files are refused by name") {
  for (const char* text : {"no group\n", "[core\nx=1\n", "[core]\nno equals sign\n",
                           "[core]\nkey=\xff\xfe\n", "<html><body>404</body></html>"}) {
    CHECK_THAT(message_of(text), Catch::Contains("test.conf"));
    CHECK(error_kind([&] { parse(text); }) == ErrorKind::InvalidArgument);
  }
  CHECK(parse("").groups().empty());
}

TEST_CASE("names and values that the format cannot hold are refused") {
  KeyFile file;
  const auto refused = [&](const std::string& group, const std::string& key,
                           const std::string& value) {
    return error_kind([&] { file.set(group, key, value); }) == ErrorKind::InvalidArgument;
  };
  CHECK(refused("", "key", "value"));
  CHECK(refused("a]b", "key", "value"));
  CHECK(refused("a\nb", "key", "value"));
  CHECK(refused("group", "", "value"));
  CHECK(refused("group", "a=b", "value"));
  CHECK(refused("group", " a", "value"));
  CHECK(refused("group", "#a", "value"));
  CHECK(refused("group", "a\nb", "value"));
  CHECK(refused("group", "key", "\xff"));
  CHECK(refused("group", "key", std::string("a\0b", 3)));
  CHECK(file.text().empty());
}

}  // namespace xylem::repo
