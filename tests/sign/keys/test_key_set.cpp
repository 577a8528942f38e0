#include "sign/keys/key_set.hpp"

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "object/commit.hpp"
#include "sign/keys/key_text.hpp"
#include "sign/keys/key_verifier.hpp"
#include "sign/signatures.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::sign;
using test::TempDir;

namespace {

const std::string keys_dir = TEST_DATA_DIR "/ostree-2026.4/keys/";
constexpr char second_commit[] = "63/ec7c7f";

std::string copy_key(const std::string& name) {
  return std::string(as_text(test::read_file(keys_dir + name)));
}

Verdict verdict_of(const KeySet& keys, ByteView data, const Bytes& signature) {
  return KeyVerifier(keys).verify(data, {signature}).decisive().verdict;
}

}  // namespace

TEST_CASE("signatures that libostree 2026.4 made are valid") {
  const TempDir dir;
  test::run_ok({"tar", "-xJf", TEST_DATA_DIR "/ostree-2026.4/repo.tar.xz", "-C", dir.path()});
  const std::string commit =
      test::run_ok({"sh", "-c", "ls " + dir.path() + "/*/objects/" + second_commit + "*.commit"});
  const Bytes bytes = test::read_file(commit);
  const object::Dict metadata =
      object::parse_dict_object(test::read_file(commit + "meta"), "commitmeta");
  for (const auto& [engine, trusted, other] :
       {std::tuple{Engine::Ed25519, "ed25519.public", "ed25519-other.public"},
        std::tuple{Engine::Spki, "spki.public.pem", "spki-rsa.public.pem"}}) {
    const std::vector<Bytes> signatures = signatures_in(metadata, engine);
    REQUIRE(signatures.size() == 1);
    KeySet right(engine);
    right.trust_file(keys_dir + trusted);
    CHECK(verdict_of(right, bytes, signatures.front()) == Verdict::Valid);
    KeySet wrong(engine);
    wrong.trust_file(keys_dir + other);
    CHECK(verdict_of(wrong, bytes, signatures.front()) == Verdict::UnknownKey);
    CHECK(verdict_of(right, as_bytes("else"), signatures.front()) == Verdict::UnknownKey);
  }
}

TEST_CASE("more signatures over more bytes than anybody needs are not looked at") {
  KeySet keys(Engine::Ed25519);
  keys.trust_file(keys_dir + "ed25519.public");
  const KeyVerifier verifier(keys);
  const std::vector<Bytes> many(128, Bytes(64));
  CHECK(error_kind([&] { verifier.verify(Bytes(std::size_t{32} << 20), many); }) ==
        ErrorKind::SignatureInvalid);
  CHECK_FALSE(verifier.verify(Bytes(1000), many).valid());
}

TEST_CASE("a revoked key is revoked, however much it is trusted") {
  const TempDir dir;
  os::make_dirs(dir.at("revoked.ed25519.d"), 0755);
  test::write_file(dir / "revoked.ed25519.d/a", copy_key("ed25519.public"));
  const Bytes signature =
      read_secret_keys(Engine::Ed25519, keys_dir + "ed25519.secret").front().sign(as_bytes("x"));
  KeySet keys(Engine::Ed25519);
  keys.trust_file(keys_dir + "ed25519.public");
  CHECK(verdict_of(keys, as_bytes("x"), signature) == Verdict::Valid);
  keys.revoke_dirs({dir.path()});
  CHECK(keys.is_revoked(keys.trusted().front()));
  CHECK(verdict_of(keys, as_bytes("x"), signature) == Verdict::KeyRevoked);
}

TEST_CASE("keys come from files and directories of each place") {
  const TempDir dir;
  os::make_dirs(dir.at("a/trusted.ed25519.d"), 0755);
  os::make_dirs(dir.at("b/trusted.spki.d"), 0755);
  test::write_file(dir / "a/trusted.ed25519", copy_key("ed25519.public"));
  test::write_file(dir / "a/trusted.ed25519.d/more", copy_key("ed25519-other.public"));
  test::write_file(dir / "b/trusted.spki.d/one",
                   copy_key("spki.public.pem") + copy_key("spki-rsa.public.pem"));
  const std::vector<std::string> dirs{dir / "a", dir / "b", dir / "missing"};
  KeySet ed(Engine::Ed25519);
  ed.trust_dirs(dirs);
  CHECK(ed.trusted().size() == 2);
  KeySet spki(Engine::Spki);
  spki.trust_dirs(dirs);
  CHECK(spki.trusted().size() == 2);
  CHECK(spki.revoked().empty());
}

TEST_CASE("a file that cannot be used stops everything") {
  const TempDir dir;
  os::make_dirs(dir.at("revoked.ed25519.d"), 0755);
  const auto kind_for = [&](const std::string& content) {
    test::write_file(dir / "revoked.ed25519.d/a", content);
    return error_kind([&] { KeySet(Engine::Ed25519).revoke_dirs({dir.path()}); });
  };
  CHECK_FALSE(kind_for(copy_key("ed25519.public")));
  CHECK(kind_for("") == ErrorKind::InvalidArgument);
  CHECK(kind_for("nonsense") == ErrorKind::InvalidArgument);
  CHECK(kind_for(copy_key("ed25519.public") + "\nAAAA") == ErrorKind::InvalidArgument);
  KeySet keys(Engine::Ed25519);
  CHECK(error_kind([&] { keys.trust_file(dir / "missing"); }) == ErrorKind::Io);
  CHECK(error_kind([&] { keys.trust_file(dir.path()); }) == ErrorKind::Io);
  CHECK(error_kind([&] { keys.trust_text("AAAA", "key"); }) == ErrorKind::InvalidArgument);
  CHECK_FALSE(keys.has_trusted());
}

TEST_CASE("an unknown engine is refused by name") {
  CHECK(parse_key_engine("ed25519") == Engine::Ed25519);
  CHECK(parse_key_engine("spki") == Engine::Spki);
  CHECK(parse_key_engine("dummy") == Engine::Dummy);
  for (const char* name : {"", "gpg", "ED25519", "ed25519 "})
    CHECK(error_kind([&] { parse_key_engine(name); }) == ErrorKind::InvalidArgument);
}
