// Files of public keys.

#include "fuzz/fuzz.hpp"
#include "sign/keys/evp_key.hpp"
#include "sign/keys/key_text.hpp"

using namespace xylem;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::check([input = ByteView(data, size)] {
    const auto text = as_text(input);
    for (Bytes& key : sign::parse_pem(text, "PUBLIC KEY", "keys"))
      sign::PublicKey(sign::Engine::Spki, std::move(key), "key").verifies(input, input);
    for (const Bytes& key : sign::parse_key_lines(text, "keys"))
      fuzz::require(sign::decode_base64(sign::encode_base64(key), "key") == key);
  });
}
