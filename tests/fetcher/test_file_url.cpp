#include <catch2/catch.hpp>

#include "fetch_client.hpp"
#include "fetcher/url.hpp"

using namespace xylem;
using namespace xylem::fetcher;
using test::TempDir;

TEST_CASE("files are fetched like anything else", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "small", "content");
  test::write_file(dir / "empty", "");
  test::write_file(dir / "large", noise(3 * large_body));
  const std::string base = "file://" + dir.path();
  FetchClient client;
  CHECK(as_text(client.get(join_url(base, "small")).body.bytes) == "content");
  CHECK(client.get(join_url(base, "empty")).body.size == 0);
  Response large = client.get(join_url(base, "large"));
  CHECK_FALSE(large.body.in_memory());
  CHECK(client.content(std::move(large)) == noise(3 * large_body));

  const Error missing = client.failure(join_url(base, "missing"));
  CHECK(missing.kind() == ErrorKind::NotFound);
  CHECK(missing.details().attempts == 1);
  CHECK(client.failure({.urls = {join_url(base, "small")}, .max_size = 3}).kind() ==
        ErrorKind::Corrupt);
}

TEST_CASE("a partial file is not mixed with a local one", "[fetcher]") {
  TempDir dir;
  test::write_file(dir / "large", noise(3 * large_body));
  TempDir downloads;
  test::write_file(downloads / "x.filez.part", noise(2 * large_body, 8));
  FetchClient client({}, downloads.fd());
  CHECK(client.content(client.get({.urls = {"file://" + (dir / "large")},
                                   .resume_name = "x.filez"})) == noise(3 * large_body));
}

TEST_CASE("requests that make no sense are refused", "[fetcher]") {
  FetchClient client;
  CHECK(client.failure(Request{}).kind() == ErrorKind::InvalidArgument);
  CHECK(client.failure("ftp://host/x").kind() == ErrorKind::InvalidArgument);
  CHECK(client.failure("").kind() == ErrorKind::InvalidArgument);
}
