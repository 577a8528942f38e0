#include <catch2/catch.hpp>

#include "cli/frame/usage_error.hpp"
#include "cli/remote/cookie_jar.hpp"
#include "cli/remote/remote_config.hpp"
#include "cli/text/ref_listing.hpp"
#include "xylem/error.hpp"

using namespace xylem::cli;

TEST_CASE("a prefix is cut off the names below it") {
  CHECK(cut_prefix("os/debian/main", "") == "os/debian/main");
  CHECK(cut_prefix("os/debian/main", "os") == "debian/main");
  CHECK(cut_prefix("os/debian/main", "os/debian") == "main");
  CHECK(cut_prefix("os/debian/main", "os/debian/main") == "os/debian/main");
  CHECK(cut_prefix("origin:os/main", "origin:") == "origin:os/main");
  CHECK(cut_prefix("origin:os/main", "origin:os") == "origin:main");
}

TEST_CASE("options of remote add become keys") {
  RemoteAddOptions options;
  options.url = "metalink=http://host/x";
  CHECK(remote_keys(options) == ConfigKeys{{"metalink", "http://host/x"}});

  options.url = "http://host";
  options.branches = {"a", "b/c"};
  options.settings = {"proxy=http://p=1"};
  options.no_gpg_verify = true;
  options.sign_verify = {"ed25519=inline:AAAA==", "spki=file:/key"};
  CHECK(remote_keys(options) == ConfigKeys{{"url", "http://host"},
                                           {"branches", "a;b/c;"},
                                           {"proxy", "http://p=1"},
                                           {"gpg-verify", "false"},
                                           {"verification-ed25519-key", "AAAA=="},
                                           {"verification-spki-file", "/key"},
                                           {"sign-verify", "ed25519,spki"}});
}

TEST_CASE("options of remote add that contradict or are malformed are refused") {
  for (const char* text : {"ed25519", "rot13=inline:x", "ed25519=x", "ed25519=web:x"}) {
    CAPTURE(text);
    RemoteAddOptions options;
    options.sign_verify = {text};
    CHECK_THROWS_AS(remote_keys(options), UsageError);
  }
  RemoteAddOptions both;
  both.no_sign_verify = true;
  both.sign_verify = {"ed25519=inline:x"};
  CHECK_THROWS_AS(remote_keys(both), UsageError);
}

TEST_CASE("cookies are written as they are read") {
  const Cookie cookie{".example.com", "/", "FALSE", 2584168812, "name", "value"};
  const std::string line = ".example.com\tTRUE\t/\tFALSE\t2584168812\tname\tvalue";
  CHECK(format_cookie(cookie) == line);
  const auto parsed = parse_cookie(line);
  REQUIRE(parsed);
  CHECK(format_cookie(*parsed) == line);
  CHECK(format_cookie({"example.com", "/", "FALSE", 1, "n", "v"}) ==
        "example.com\tFALSE\t/\tFALSE\t1\tn\tv");
}

TEST_CASE("what is no cookie is not taken for one") {
  for (const char* line : {"", "# comment", "a\tb", "d\tFALSE\t/\tFALSE\tsoon\tn\tv",
                           "d\tFALSE\t/\tFALSE\t1x\tn\tv", "d\tFALSE\t/\tFALSE\t1\tn\tv\textra"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_cookie(line));
  }
}

TEST_CASE("a cookie cannot break its line") {
  const Cookie good{"d", "/", "FALSE", 1, "n", "v"};
  CHECK_NOTHROW(validate_cookie(good));
  for (const char* value : {"", "a\tb", "a\nb", "a\rb"}) {
    CAPTURE(value);
    Cookie bad = good;
    bad.value = value;
    CHECK_THROWS_AS(validate_cookie(bad), xylem::Error);
  }
}
