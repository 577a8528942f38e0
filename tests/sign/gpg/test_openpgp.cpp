#include "sign/gpg/openpgp.hpp"

#include <catch2/catch.hpp>

using namespace xylem;
using namespace xylem::sign;

namespace {

/// A packet with this first byte, these bytes of length and a body of that many bytes.
Bytes packet(Bytes header, std::size_t body) {
  header.insert(header.end(), body, 0x55);
  return header;
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("signature packets, in every form of their length, are detached signatures") {
  for (const Bytes& bytes : {
           packet({0x88, 3}, 3),                // old, one byte
           packet({0x89, 0, 3}, 3),             // old, two
           packet({0x8a, 0, 0, 0, 3}, 3),       // old, four
           packet({0xc2, 3}, 3),                // new, one
           packet({0xc2, 192, 0}, 192),         // new, two
           packet({0xc2, 255, 0, 0, 0, 3}, 3),  // new, five
           joined(packet({0x88, 3}, 3), packet({0xc2, 1}, 1)),
       })
    CHECK(is_detached_signature(bytes));
}

TEST_CASE("nothing else is") {
  for (const Bytes& bytes : {
           Bytes{},
           Bytes{'-', '-', '-', '-'},  // armor
           packet({0x8b}, 3),          // length unknown
           packet({0xc2, 230}, 64),    // partial length
           packet({0x88, 4}, 3),       // cut
           packet({0x89, 0}, 0),
           packet({0xc2}, 0),
           packet({0xc2, 200}, 0),
           packet({0xc2, 255, 255, 255, 255}, 0),
           packet({0xc2, 255, 255, 255, 255, 255}, 3),
           packet({0x90, 3}, 3),     // one-pass signature: a signed message follows
           packet({0xa3}, 3),        // compressed
           packet({0xac, 3}, 3),     // literal data
           packet({0xcb, 3}, 3),     // the same, new form
           packet({0x99, 0, 3}, 3),  // a public key
           joined(packet({0x88, 3}, 3), packet({0xcb, 3}, 3)),
           joined(packet({0x88, 3}, 3), Bytes{0}),
       })
    CHECK_FALSE(is_detached_signature(bytes));
}

TEST_CASE("the time of the youngest key is read, with and without armor") {
  const Bytes key = {0x98, 6, 4, 0x83, 0xaa, 0x7e, 0x80, 22};     // old form, 2040
  const Bytes subkey = {0xce, 6, 4, 0x83, 0xaa, 0x7e, 0x81, 22};  // new form, a second later
  CHECK(youngest_key(key) == 0x83aa7e80);
  CHECK(youngest_key(joined(key, subkey)) == 0x83aa7e81);
  CHECK(youngest_key(joined(packet({0xc2, 3}, 3), key)) == 0x83aa7e80);
  CHECK_FALSE(youngest_key(packet({0xc2, 3}, 3)));
  CHECK_FALSE(youngest_key({}));
  CHECK_FALSE(youngest_key(Bytes{0x98, 6, 3, 1, 2, 3, 4, 5}));
  CHECK_FALSE(youngest_key(Bytes{0x98, 6, 4, 0x83}));
  const std::string armor =
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\nmAYEg6p+gBY=\n=abcd\n-----END PGP "
      "PUBLIC KEY BLOCK-----\n";
  CHECK(without_armor(as_bytes(armor)) == key);
  CHECK(without_armor(key) == key);
  CHECK(without_armor(as_bytes("-----BEGIN PGP")).empty());
}
