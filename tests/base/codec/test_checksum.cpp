#include <catch2/catch.hpp>

#include "base/codec/checksum.hpp"
#include "base/codec/sha256.hpp"
#include "support/error_kind.hpp"

using namespace xylem;

TEST_CASE("a checksum survives its texts") {
  const std::string hex = "00010203040506070809" + std::string(44, 'f');
  const Checksum checksum = Checksum::parse(hex);
  CHECK(checksum.hex() == hex);
  CHECK(checksum.bytes()[9] == 9);
  CHECK(Checksum::from_bytes(checksum.bytes()) == checksum);
  CHECK(Checksum().hex() == std::string(64, '0'));
  CHECK(Checksum() < checksum);
}

TEST_CASE("what is no checksum") {
  const auto text =
      GENERATE(std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'),
               std::string(64, 'g'), std::string(63, 'a') + " ", std::string(64, '\0'),
               std::string(63, 'a') + "\n", "0x" + std::string(62, 'a'));
  CHECK_FALSE(Checksum::from_hex(text));
  CHECK(error_kind([&] { Checksum::parse(text); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("only 32 bytes are a checksum") {
  CHECK(Checksum::from_bytes(Bytes(32)));
  const auto size = GENERATE(0U, 1U, 31U, 33U, 64U);
  CHECK_FALSE(Checksum::from_bytes(Bytes(size)));
}

TEST_CASE("SHA-256 of the examples of FIPS 180") {
  CHECK(sha256({}).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256(as_bytes("abc")).hex() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("SHA-256 does not care about pieces, and starts afresh") {
  Sha256 hash;
  for (int round = 0; round < 2; ++round) {
    hash.update(as_bytes("a"));
    hash.update({});
    hash.update(as_bytes("bc"));
    CHECK(hash.finish() == sha256(as_bytes("abc")));
  }
  CHECK(hash.finish() == sha256({}));
}
