#include <catch2/catch.hpp>

#include "repo/config/duplicate_keys.hpp"
#include "repo/config/key_file.hpp"

using namespace xylem;
using namespace xylem::repo;

namespace {

std::string chosen(const std::string& text) {
  const auto keys = find_duplicate_keys(text);
  return keys.empty() ? "" : choose_value(keys.front());
}

}  // namespace

TEST_CASE("of a rule that is there twice the strictest value counts") {
  CHECK(chosen("[remote \"o\"]\ngpg-verify=true\ngpg-verify=false\n") == "true");
  CHECK(chosen("[remote \"o\"]\ngpg-verify=false\n gpg-verify = true \n") == "true");
  CHECK(chosen("[r]\nsign-verify=ed25519\nsign-verify=false\n") == "ed25519");
  CHECK(chosen("[r]\ntimestamp-check=strict\ntimestamp-check=true\n") == "strict");
  CHECK(chosen("[r]\ntls-permissive=false\ntls-permissive=true\n") == "false");
  CHECK(chosen("[r]\nurl=a\nurl=b\n") == "b");
}

TEST_CASE("groups of one name are one group, and equal values are no contradiction") {
  CHECK(chosen("[r]\ngpg-verify=true\n[s]\n[r]\ngpg-verify=0\n") == "true");
  CHECK(find_duplicate_keys("[r]\na=1\na=1\n[s]\na=2\n# a=3\n\nno line").empty());
  CHECK(find_duplicate_keys("").empty());
}

TEST_CASE("a key file uses what was chosen, and its messages quote no line") {
  const std::string text = "[remote \"o\"]\ngpg-verify=true\ngpg-verify=false\n";
  const KeyFile file = KeyFile::parse(as_bytes(text), "config");
  CHECK(file.find_bool("remote \"o\"", "gpg-verify") == true);
  const std::string secret = "[core]\nroot:secret:0:0\n";
  try {
    KeyFile::parse(as_bytes(secret), "config");
    FAIL("it was taken");
  } catch (const std::exception& error) {
    const std::string message = error.what();
    CHECK(message.find("line 2") != message.npos);
    CHECK(message.find("secret") == message.npos);
  }
}
