#include <catch2/catch.hpp>

#include "sign/gpg/gpg_key.hpp"

using namespace xylem::sign;

TEST_CASE("update addresses are those of the Web Key Directory") {
  // The example of draft-koch-openpgp-webkey-service, section 3.1.
  const GpgUpdateUrls urls = gpg_update_urls("Joe.Doe@Example.ORG");
  CHECK(urls.advanced ==
        "https://openpgpkey.Example.ORG/.well-known/openpgpkey/example.org/hu/"
        "iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe");
  CHECK(urls.direct ==
        "https://Example.ORG/.well-known/openpgpkey/hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe");
}

TEST_CASE("what is no address has none") {
  for (const char* text : {"", "joe", "a@b@c"}) CHECK(gpg_update_urls(text).direct.empty());
}

TEST_CASE("a key is found by fingerprint and id, not by less") {
  GpgKey key;
  key.subkeys.push_back({.fingerprint = "AAAABBBBCCCCDDDDEEEEFFFF0000111122223333"});
  CHECK(key.find("AAAABBBBCCCCDDDDEEEEFFFF0000111122223333") != nullptr);
  CHECK(key.find("FFFF0000111122223333") != nullptr);
  CHECK(key.find("22223333") == nullptr);
  CHECK(key.find("") == nullptr);
}
