#include <catch2/catch.hpp>

#include "fetcher/http/target_cache.hpp"
#include "fetcher/http/url.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::fetcher;

TEST_CASE("URLs are joined with one slash", "[fetcher]") {
  CHECK(join_url("http://h/repo", "config") == "http://h/repo/config");
  CHECK(join_url("http://h/repo/", "config") == "http://h/repo/config");
  CHECK(join_url("http://h/repo//", "/objects/aa") == "http://h/repo/objects/aa");
  CHECK(join_url("http://h/repo?key=1", "config") == "http://h/repo/config?key=1");
  CHECK(join_url("file:///srv", "config") == "file:///srv/config");
}

TEST_CASE("secrets are taken out of URLs", "[fetcher]") {
  struct Row {
    std::string url;
    std::string shown;
  };
  const auto row = GENERATE(values<Row>({
      {"http://h/p", "http://h/p"},
      {"http://user:secret@h/p", "http://h/p"},
      {"http://user@h:80/p", "http://h:80/p"},
      {"http://user:sec@ret@h/p", "http://h/p"},
      {"http://user:sec/ret@h/p", "http://h/p"},
      {"http://user:secret@h", "http://h"},
      {"http://h/a@b/c", "http://h/a@b/c"},
      {"http://h:80/a@b/c", "http://h:80/a@b/c"},
      {"http://[::1]:80/a@b", "http://[::1]:80/a@b"},
      {"http://h/p?token=secret", "http://h/p?…"},
      {"http://h?token=secret@x", "http://h?…"},
      {"user:secret@h/p", "h/p"},
      {"", ""},
      {"://", "://"},
      {"@", ""},
  }));
  CHECK(redact_url(row.url) == row.shown);
}

TEST_CASE("only usable URLs are taken", "[fetcher]") {
  for (const char* good : {"http://h", "https://h/p", "HTTP://h/p", "file:///srv/repo",
                           "http://u:p@[::1]:8080/p?q#f", "http://h/a b", " http://h/p\n"})
    CHECK_NOTHROW(validate_url(good));
  for (const char* bad : {"", "h/p", "ftp://h/p", "http://", "http:///p", "http://h:99999/",
                          "gopher://h", "file://", "http://h\n/"}) {
    CAPTURE(bad);
    CHECK(error_kind([&] { validate_url(bad); }) == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("refusing a URL does not show its password", "[fetcher]") {
  try {
    validate_url("ftp://user:secret@h/p");
    FAIL("was taken");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("secret") == std::string::npos);
    CHECK(std::string(error.what()).find("ftp://h/p") != std::string::npos);
  }
}

TEST_CASE("credentials stay at the origin that they were given for", "[fetcher]") {
  const Target first = parse_target("https://us%65r:pa%2Fss@host/repo/x");
  CHECK(first.url == "https://host/repo/x");
  CHECK(first.user == "user");
  CHECK(first.password == "pa/ss");

  const auto same = redirect_target(first, "https://host:443/other");
  REQUIRE(same);
  CHECK(same->trusted);
  CHECK(same->password == "pa/ss");
  for (const char* other : {"https://other/x", "http://host/x", "https://host:444/x"}) {
    const auto away = redirect_target(first, other);
    REQUIRE(away);
    CHECK_FALSE(away->trusted);
    CHECK(away->user.empty());
    CHECK(away->password.empty());
  }
}

TEST_CASE("redirects lead to the web only", "[fetcher]") {
  const Target first = parse_target("http://host/x");
  for (const char* bad : {"file:///etc/passwd", "ftp://host/x", "javascript:0", "", "http://"})
    CHECK_FALSE(redirect_target(first, bad));
}

TEST_CASE("PINs are taken out of messages", "[fetcher]") {
  CHECK(redact_pins("nothing") == "nothing");
  CHECK(redact_pins("cannot use 'pkcs11:object=a?pin-value=12 34' here") ==
        "cannot use 'pkcs11:object=a?pin-value=… 34' here");
  CHECK(redact_pins("pkcs11:pin-value=1234;object=a and pkcs11:object=b;pin-value=5678") ==
        "pkcs11:pin-value=…;object=a and pkcs11:object=b;pin-value=…");
}

TEST_CASE("URLs with the same beginning are parsed as if each were parsed alone", "[fetcher]") {
  TargetCache cache;
  const std::string base = GENERATE("http://host/repo", "HTTP://User:pa%2Fss@HOST:80/a/../repo/",
                                    "file:///srv/repo", "http://[::1]:8080", "http://h/a@b");
  for (const std::string path : {"objects/ab/cdef.filez", "summary", "a/../b", "%41/b",
                                 "deltas/x?y", "x#y", ".hidden", "refs/../../x", "Upper", ""}) {
    const std::string url = base + (base.ends_with('/') ? "" : "/") + path;
    CAPTURE(url);
    for (int again = 0; again < 2; ++again) {
      const Target found = cache.parse(url, path);
      const Target alone = parse_target(url);
      CHECK(found.url == alone.url);
      CHECK(found.shown == redact_url(alone.url));
      CHECK(found.origin == alone.origin);
      CHECK(found.user == alone.user);
      CHECK(found.password == alone.password);
      CHECK(found.trusted);
    }
  }
}

TEST_CASE("a path is only what a URL ends with, behind a slash", "[fetcher]") {
  TargetCache cache;
  CHECK(cache.parse("http://host/repo", "repo").url == "http://host/repo");
  CHECK(cache.parse("http://host?x=/objects", "objects").url == "http://host/?x=/objects");
  CHECK(cache.parse("http://host", "host").origin == "http://host:80");
  CHECK(cache.parse("http://host/a", "elsewhere").url == "http://host/a");
  for (const std::string bad : {"ftp://host/x", "http:///x"})
    CHECK(error_kind([&] { cache.parse(bad, "x"); }) == ErrorKind::InvalidArgument);
  CHECK(cache.parse("http://host/a b/x", "x").url == "http://host/a%20b/x");
  CHECK(cache.parse("http://host/a b", "a b").url == "http://host/a%20b");
}
