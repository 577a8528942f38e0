#include "sign/requirement.hpp"

#include <catch2/catch.hpp>

#include "object/variant/variant_builder.hpp"
#include "sign/keys/key_verifier.hpp"
#include "sign/signatures.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::sign;

namespace {

const std::string keys_dir = TEST_DATA_DIR "/ostree-2026.4/keys/";
const ByteView data = as_bytes("the commit");

std::shared_ptr<const Verifier> verifier(Engine engine, const std::string& file) {
  KeySet keys(engine);
  keys.trust_file(keys_dir + file);
  return std::make_shared<KeyVerifier>(std::move(keys));
}

Bytes signature(Engine engine, const std::string& file) {
  return read_secret_keys(engine, keys_dir + file).front().sign(data);
}

object::Dict signed_with(std::vector<std::pair<Engine, Bytes>> signatures) {
  object::Dict metadata;
  for (auto& [engine, bytes] : signatures)
    metadata = with_signatures(metadata, engine, {std::move(bytes)});
  return metadata;
}

/// What require() says, or "" if it is content.
std::string complaint(const Requirement& requirement, const std::optional<object::Dict>& metadata) {
  try {
    requirement.require("Commit x", data, metadata);
    return "";
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::SignatureInvalid);
    CHECK_FALSE(error.details().hint.empty());
    return error.what();
  }
}

}  // namespace

TEST_CASE("nothing is required without groups") {
  CHECK(complaint({}, std::nullopt).empty());
}

TEST_CASE("a group without keys can never be asked for") {
  Requirement requirement;
  CHECK(error_kind([&] { requirement.add({}); }) == ErrorKind::SignatureInvalid);
}

TEST_CASE("any engine of a group is enough") {
  Requirement requirement;
  requirement.add(
      {verifier(Engine::Ed25519, "ed25519.public"), verifier(Engine::Spki, "spki.public.pem")});
  const Bytes ed = signature(Engine::Ed25519, "ed25519.secret");
  const Bytes spki = signature(Engine::Spki, "spki.secret.pem");
  CHECK(complaint(requirement, signed_with({{Engine::Ed25519, ed}})).empty());
  CHECK(complaint(requirement, signed_with({{Engine::Spki, spki}})).empty());
  CHECK(
      complaint(requirement, signed_with({{Engine::Ed25519, spki}, {Engine::Spki, spki}})).empty());
  CHECK(complaint(requirement, std::nullopt) ==
        "Commit x: no signature: No signatures found (ed25519, spki)");
  // A signature of one engine is no signature of another.
  CHECK(complaint(requirement, signed_with({{Engine::Gpg, ed}})) ==
        "Commit x: no signature: No signatures found (ed25519, spki)");
  const std::string damaged = complaint(requirement, signed_with({{Engine::Spki, Bytes(3)}}));
  CHECK(damaged.starts_with(
      "Commit x: unknown key: spki: Signature couldn't be verified with: key '"));
}

TEST_CASE("every group must be satisfied") {
  Requirement requirement;
  requirement.add({verifier(Engine::Ed25519, "ed25519.public")});
  requirement.add({verifier(Engine::Spki, "spki-rsa.public.pem")});
  const Bytes ed = signature(Engine::Ed25519, "ed25519.secret");
  const Bytes rsa = signature(Engine::Spki, "spki-rsa.secret.pem");
  CHECK(complaint(requirement, signed_with({{Engine::Ed25519, ed}, {Engine::Spki, rsa}})).empty());
  CHECK_FALSE(complaint(requirement, signed_with({{Engine::Ed25519, ed}})).empty());
  CHECK_FALSE(complaint(requirement, signed_with({{Engine::Spki, rsa}})).empty());
}

TEST_CASE("metadata of the wrong type counts as none") {
  const object::Dict metadata =
      object::DictBuilder().set("ostree.sign.ed25519", "not an aay").build();
  CHECK(signatures_in(metadata, Engine::Ed25519).empty());
}

TEST_CASE("a stranger cannot keep us busy with signatures") {
  const auto refused = [](const std::vector<Bytes>& many) {
    const object::Dict metadata = with_signatures({}, Engine::Ed25519, many);
    return error_kind([&] { signatures_in(metadata, Engine::Ed25519); }) ==
           ErrorKind::SignatureInvalid;
  };
  CHECK_FALSE(refused(std::vector<Bytes>(max_signatures)));
  CHECK(refused(std::vector<Bytes>(max_signatures + 1)));
  CHECK(refused({Bytes(max_signature_size + 1)}));
}

TEST_CASE("the last signature taken away takes the key away") {
  const object::Dict metadata = with_signatures({}, Engine::Spki, {Bytes{1}});
  CHECK(metadata.keys() == std::vector<std::string>{"ostree.sign.spki"});
  CHECK(with_signatures(metadata, Engine::Spki, {}).empty());
}
