// GPG by the real gpg: every way in which a signature can be wrong.

#include <catch2/catch.hpp>
#include <thread>

#include "sign/gpg/gpg_signer.hpp"
#include "sign/gpg/gpg_verifier.hpp"
#include "support/error_kind.hpp"
#include "support/gpg_home.hpp"

using namespace xylem;
using namespace xylem::sign;
using test::GpgHome;

namespace {

const ByteView data = as_bytes("the commit");

/// Keys are slow to make: one home for all tests here.
struct World {
  GpgHome home;
  std::string good = home.make_key("good");
  std::string stranger = home.make_key("stranger");
  std::string expired = home.make_key("expired", "1y", "20200101");
  std::string revoked = home.make_key("revoked");
  Bytes by_revoked = home.sign(revoked, data);
  Bytes keyring;

  World() {
    home.revoke(revoked);
    keyring = home.export_keys({good, expired, revoked});
  }
};

const World& world() {
  static const World world;
  return world;
}

const GpgVerifier& verifier() {
  static const GpgVerifier verifier(GpgKeyring({{"keyring", world().keyring}}));
  return verifier;
}

Verdict verdict(const Bytes& signature, ByteView signed_data = data) {
  return verifier().verify(signed_data, {signature}).decisive().verdict;
}

}  // namespace

TEST_CASE("every verdict has its cause") {
  const World& w = world();
  const Bytes good = w.home.sign(w.good, data);
  CHECK(verdict(good) == Verdict::Valid);
  CHECK(verdict(good, as_bytes("another commit")) == Verdict::Bad);
  CHECK(verdict(w.home.sign(w.stranger, data)) == Verdict::UnknownKey);
  CHECK(verdict(w.home.sign(w.expired, data, "20200601")) == Verdict::KeyExpired);
  CHECK(verdict(w.by_revoked) == Verdict::KeyRevoked);
}

TEST_CASE("a signature whose time is over is expired") {
  const GpgHome home;
  const std::string key = home.make_key("old", "never", "20200101");
  const Bytes signature =
      home.sign(key, data, "20200201", {"--default-sig-expire", "1d", "--detach-sign"});
  const GpgVerifier old(GpgKeyring({{"keyring", home.export_keys()}}));
  CHECK(old.verify(data, {signature}).decisive().verdict == Verdict::SignatureExpired);
}

TEST_CASE("one valid signature among others is enough, wherever it stands") {
  const World& w = world();
  const Bytes good = w.home.sign(w.good, data);
  const Bytes unknown = w.home.sign(w.stranger, data);
  for (const auto& signatures : {std::vector<Bytes>{good, unknown},
                                 {unknown, good},
                                 {w.by_revoked, good},
                                 {Bytes{1, 2, 3}, good}})
    CHECK(verifier().verify(data, signatures).valid());
  CHECK_FALSE(verifier().verify(data, {unknown, w.by_revoked}).valid());
  CHECK_FALSE(verifier().verify(data, {}).valid());
}

TEST_CASE("the unknown key is named") {
  const World& w = world();
  const Report report = verifier().verify(data, {w.home.sign(w.stranger, data)});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().key == gpg_key_id(w.stranger));
  CHECK(report.findings.front().text.find(gpg_key_id(w.stranger)) != std::string::npos);
}

// A signed message carries its own text: it must not count for ours.
TEST_CASE("a signed message is no signature of the commit") {
  const World& w = world();
  const ByteView other = as_bytes("something that was signed some day");
  CHECK(verdict(w.home.sign(w.good, other, "", {"--sign"})) == Verdict::Bad);
  CHECK(verdict(w.home.sign(w.good, other, "", {"--sign", "--compress-algo", "none"})) ==
        Verdict::Bad);
  CHECK(verdict(w.home.sign(w.good, other, "", {"--clear-sign"})) == Verdict::Bad);
  CHECK(verdict(w.home.sign(w.good, data, "", {"--sign", "--compress-algo", "none"})) ==
        Verdict::Bad);
}

TEST_CASE("no damaged or cut signature is valid") {
  const World& w = world();
  const Bytes good = w.home.sign(w.good, data);
  // The numbers at the end; what stands before them is not all covered by a signature.
  for (std::size_t i = good.size() - 60; i < good.size(); i += 6) {
    Bytes damaged = good;
    damaged[i] ^= 0x11;
    INFO(i);
    CHECK(verdict(damaged) != Verdict::Valid);
  }
  for (std::size_t size = 0; size < good.size(); size += 20)
    CHECK(verdict(Bytes(good.begin(), good.begin() + static_cast<long>(size))) != Verdict::Valid);
}

TEST_CASE("keys are read from armor too, and merged with what revokes them") {
  const GpgHome home;
  const std::string key = home.make_key("one");
  const Bytes signature = home.sign(key, data);
  const Bytes before = home.export_keys({}, true);
  home.revoke(key);
  const Bytes after = home.export_keys();
  const auto check = [&](const std::vector<GpgKeySource>& sources) {
    return GpgVerifier(GpgKeyring(sources)).verify(data, {signature}).decisive().verdict;
  };
  CHECK(check({{"a", before}}) == Verdict::Valid);
  CHECK(check({{"a", before}, {"b", after}}) == Verdict::KeyRevoked);
  CHECK(check({{"b", after}, {"a", before}}) == Verdict::KeyRevoked);
}

TEST_CASE("what holds no key is refused") {
  for (const std::string_view text : {"", "nonsense", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"})
    CHECK(error_kind([&] {
            GpgKeyring({{"keyring", Bytes(text.begin(), text.end())}});
          }) == ErrorKind::InvalidArgument);
}

TEST_CASE("an exported keyring has the keys that were asked for") {
  const World& w = world();
  const GpgKeyring& all = verifier().keyring();
  CHECK(all.keys().size() == 3);
  CHECK(all.imported() == 3);
  const GpgKeyring one({{"exported", all.export_keys({w.good})}});
  CHECK(one.keys().size() == 1);
  CHECK(one.find(w.good) != nullptr);
  CHECK(error_kind([&] { all.export_keys({w.stranger}); }) == ErrorKind::NotFound);
}

TEST_CASE("what we sign, gpg and we find good") {
  const World& w = world();
  CHECK(verdict(gpg_sign(data, w.good, w.home.path())) == Verdict::Valid);
  CHECK(error_kind([&] { gpg_sign(data, "nobody", w.home.path()); }) == ErrorKind::NotFound);
}

TEST_CASE("several threads may ask at once") {
  const Bytes good = world().home.sign(world().good, data);
  std::vector<Verdict> verdicts(4);
  {
    std::vector<std::jthread> threads;
    for (Verdict& slot : verdicts) threads.emplace_back([&slot, &good] { slot = verdict(good); });
  }
  CHECK(verdicts == std::vector<Verdict>(4, Verdict::Valid));
}
