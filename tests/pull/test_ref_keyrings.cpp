// For a ref of a collection another remote's keys may be the ones that count.

#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "pull/session.hpp"
#include "repo/keyrings.hpp"
#include "repo/refs/refs.hpp"
#include "repo/repo.hpp"
#include "support/error_kind.hpp"
#include "support/gpg_home.hpp"
#include "support/process.hpp"

using namespace xylem;

namespace {

constexpr char collection[] = "org.example.Os";
constexpr char ref[] = "os/test";

/// A repository with a commit that one key signed, and one that pulls from it by a remote that
/// knows another.
class Site {
 public:
  Site() {
    const std::string signer = gpg_.make_key("signer");
    const std::string stranger = gpg_.make_key("stranger");
    os::make_dir(dir_.at("tree"), 0755);
    test::run_ok({"ostree", "init", "--repo=" + source(), "--mode=archive",
                  std::string("--collection-id=") + collection});
    test::run_ok({"ostree", "commit", "--repo=" + source(), "-b", ref,
                  "--tree=dir=" + dir_ / "tree", "--gpg-sign=" + signer,
                  "--gpg-homedir=" + gpg_.path()});
    repo::Repo client = repo::Repo::create(client_path(), repo::Mode::BareUser);
    for (const auto& [name, key] : {std::pair{"origin", stranger}, std::pair{"owner", signer}}) {
      client.set_remote(name, {{"url", "file://" + source()}, {"collection-id", collection}});
      repo::edit_remote_keyring(client, name, [&](const auto&) { return gpg_.export_keys({key}); });
    }
  }

  std::optional<ErrorKind> pull(const std::string& remote,
                                std::vector<PullOptions::RefKeyring> keyrings) const {
    PullOptions options;
    options.remote = remote;
    options.refs = {ref};
    options.ref_keyring_map = std::move(keyrings);
    repo::Repo client = repo::Repo::open(client_path());
    return error_kind([&] { pull::run(client, options, nullptr, {}); });
  }
  bool has_ref(const std::string& remote) const {
    return repo::find_ref(repo::Repo::open(client_path()), object::RefSpec{remote, ref})
        .has_value();
  }

 private:
  std::string source() const { return dir_ / "source"; }
  std::string client_path() const { return dir_ / "client"; }

  test::TempDir dir_;
  test::GpgHome gpg_;
};

}  // namespace

TEST_CASE("a ref of a collection may be signed by another remote's keys") {
  const Site site;
  CHECK(site.pull("origin", {}) == ErrorKind::SignatureInvalid);
  CHECK_FALSE(site.has_ref("origin"));
  // Of another collection, of another ref, or the wrong keys: it does not count.
  CHECK(site.pull("origin", {{"org.example.Apps", ref, "owner"}}) == ErrorKind::SignatureInvalid);
  CHECK(site.pull("origin", {{collection, "os/other", "owner"}}) == ErrorKind::SignatureInvalid);
  CHECK(site.pull("owner", {{collection, ref, "origin"}}) == ErrorKind::SignatureInvalid);
  CHECK(site.pull("origin", {{collection, ref, "nobody"}}) == ErrorKind::NotFound);
  CHECK_FALSE(site.has_ref("owner"));
  CHECK_FALSE(site.pull("origin", {{collection, ref, "owner"}}));
  CHECK(site.has_ref("origin"));
}
