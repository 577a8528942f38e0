#include <catch2/catch.hpp>

#include "repo/config/remote.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

Remote parse(const std::string& lines) {
  const std::string text = "[remote \"origin\"]\n" + lines + "\n";
  return parse_remote(KeyFile::parse(as_bytes(text), "config"), "origin");
}

}  // namespace

TEST_CASE("a remote with a URL alone has libostree's defaults") {
  const Remote remote = parse("url=https://example.org/repo");
  CHECK(remote.name == "origin");
  CHECK(remote.url == "https://example.org/repo");
  CHECK_FALSE(remote.contenturl);
  CHECK_FALSE(remote.metalink);
  CHECK(remote.branches.empty());
  CHECK_FALSE(remote.proxy);
  CHECK(remote.gpg_verify);
  CHECK_FALSE(remote.gpg_verify_summary);
  CHECK(remote.gpg_key_path.empty());
  CHECK_FALSE(remote.sign_verify.enabled);
  CHECK_FALSE(remote.sign_verify_summary.enabled);
  CHECK_FALSE(remote.tls_permissive);
  CHECK_FALSE(remote.tls_client_cert_path);
  CHECK_FALSE(remote.tls_client_key_path);
  CHECK_FALSE(remote.tls_ca_path);
  CHECK(remote.http2);
  CHECK_FALSE(remote.collection_id);
  CHECK_FALSE(remote.unconfigured_state);
  CHECK_FALSE(remote.custom_backend);
  CHECK_FALSE(remote.local_path());
}

TEST_CASE("a width that makes no sense is refused") {
  for (const std::string value : {"0", "-1", "513", "many"}) {
    CAPTURE(value);
    CHECK(error_kind([&] { parse("max-outstanding-fetcher-requests=" + value); }) ==
          ErrorKind::InvalidArgument);
  }
}

TEST_CASE("every key of a remote is read") {
  const Remote remote = parse(
      "url=mirrorlist=https://example.org/mirrors\ncontenturl=https://cdn.example.org/\n"
      "metalink=https://example.org/metalink\nbranches=a;b\nproxy=http://proxy:3128\n"
      "gpg-verify=false\ngpg-verify-summary=true\ngpgkeypath=/a.gpg;/"
      "b.d\nsign-verify=ed25519;spki\n"
      "sign-verify-summary=true\ntls-permissive=true\ntls-client-cert-path=/c.pem\n"
      "tls-client-key-path=/k.pem\ntls-ca-path=/ca.pem\nhttp2=false\ncollection-id=org.example.Os\n"
      "unconfigured-state=register first\ncustom-backend=other\n"
      "max-outstanding-fetcher-requests=16\nproxy-tls-ca-path=/proxy.pem");
  CHECK(remote.proxy_tls_ca_path == "/proxy.pem");
  CHECK(remote.max_requests == 16U);
  CHECK(remote.url == "mirrorlist=https://example.org/mirrors");
  CHECK(remote.contenturl == "https://cdn.example.org/");
  CHECK(remote.metalink == "https://example.org/metalink");
  CHECK(remote.branches == std::vector<std::string>{"a", "b"});
  CHECK(remote.proxy == "http://proxy:3128");
  CHECK_FALSE(remote.gpg_verify);
  CHECK(remote.gpg_verify_summary);
  CHECK(remote.gpg_key_path == std::vector<std::string>{"/a.gpg", "/b.d"});
  CHECK(remote.sign_verify.enabled);
  CHECK(remote.sign_verify.engines == std::vector<std::string>{"ed25519", "spki"});
  CHECK(remote.sign_verify_summary.enabled);
  CHECK(remote.sign_verify_summary.engines.empty());
  CHECK(remote.tls_permissive);
  CHECK(remote.tls_client_cert_path == "/c.pem");
  CHECK(remote.tls_client_key_path == "/k.pem");
  CHECK(remote.tls_ca_path == "/ca.pem");
  CHECK_FALSE(remote.http2);
  CHECK(remote.collection_id == "org.example.Os");
  CHECK(remote.unconfigured_state == "register first");
  CHECK(remote.custom_backend == "other");
}

TEST_CASE("sign-verify may be switched off") {
  for (const char* line : {"sign-verify=false", "sign-verify=0", "sign-verify="})
    CHECK_FALSE(parse(line).sign_verify.enabled);
}

TEST_CASE("errors name the remote and the key") {
  const std::pair<const char*, const char*> table[] = {
      {"gpg-verify=perhaps", "gpg-verify"},
      {"http2=2", "http2"},
      {"sign-verify=;", "sign-verify"},
      {"tls-client-cert-path=/c.pem", "tls-client-key-path"},
      {"tls-client-key-path=/k.pem", "tls-client-cert-path"},
  };
  for (const auto& [line, key] : table) {
    CHECK_THROWS_WITH(parse(line), Catch::Contains(key) && Catch::Contains("remote \"origin\""));
    CHECK(error_kind([&, text = line] { parse(text); }) == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("a file URL is a path, decoded") {
  CHECK(parse("url=file:///srv/my%20repo").local_path() == "/srv/my repo");
  CHECK(error_kind([] { parse("url=file://other-host/x").local_path(); }) ==
        ErrorKind::InvalidArgument);
}

TEST_CASE("groups are named after their remotes") {
  CHECK(remote_group("origin") == "remote \"origin\"");
  CHECK(parse_remote_group("remote \"origin\"") == "origin");
  CHECK(parse_remote_group("remote \"a\"b\"") == "a\"b");
  for (const char* group : {"core", "remote", "remote \"\"", "remote \"", "remote origin",
                            "Remote \"x\"", "remote \"x\" "})
    CHECK_FALSE(parse_remote_group(group));
}

}  // namespace xylem::repo
