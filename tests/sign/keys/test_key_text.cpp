#include "sign/keys/key_text.hpp"

#include <catch2/catch.hpp>

#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::sign;
using namespace std::literals;

namespace {

constexpr char label[] = "PUBLIC KEY";

}  // namespace

TEST_CASE("base64 goes both ways") {
  for (const std::string_view text : {"a"sv, "ab"sv, "abc"sv, "abcd"sv, "\x00\xff\x7f"sv}) {
    const std::string encoded = encode_base64(as_bytes(text));
    CHECK(as_text(decode_base64(" " + encoded + "\n", "a key")) == text);
  }
}

TEST_CASE("what is no base64 is refused, without quoting it") {
  for (const std::string text : {"", "=", "AAA", "AAAA AAAA", "AA=A", "A===", "AAA-", "AA\nAA"}) {
    INFO(text);
    try {
      decode_base64(text, "the key");
      FAIL("was accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::InvalidArgument);
      CHECK(std::string(error.what()) == "the key: not base64");
    }
  }
}

TEST_CASE("a file of keys has one a line") {
  CHECK(parse_key_lines("", "f").empty());
  CHECK(parse_key_lines("\n\n", "f").empty());
  CHECK(parse_key_lines("YQ==\r\n\nYg==", "f") == std::vector<Bytes>{{'a'}, {'b'}});
}

TEST_CASE("one bad line spoils the file, and the message tells which") {
  try {
    parse_key_lines("YQ==\n# a comment\n", "keys");
    FAIL("was accepted");
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == "keys, line 2: not base64");
  }
}

TEST_CASE("PEM blocks are read one after the other") {
  const std::string text =
      "-----BEGIN PUBLIC KEY-----\nYWJj\nZGVm\n-----END PUBLIC KEY-----\n\n"
      "-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----";
  CHECK(parse_pem(text, label, "f") == std::vector<Bytes>{{'a', 'b', 'c', 'd', 'e', 'f'}, {'a'}});
}

TEST_CASE("damaged PEM is refused") {
  for (const std::string text : {
           "YWJj",
           "# note\n-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----",
           "-----BEGIN PUBLIC KEY----\nYQ==\n-----END PUBLIC KEY-----",
           "-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PRIVATE KEY-----",
           "-----BEGIN PUBLIC KEY-----\nYQ==\n",
           "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
           "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----",
           "-----BEGIN PUBLIC KEY-----\n?\n-----END PUBLIC KEY-----",
           "-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----\nnote",
           "-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----\nnote\n"
           "-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----",
           "-----BEGIN PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n\nYQ==\n-----END PUBLIC KEY-----",
       }) {
    INFO(text);
    CHECK(error_kind([&] { parse_pem(text, label, "f"); }) == ErrorKind::InvalidArgument);
  }
}
