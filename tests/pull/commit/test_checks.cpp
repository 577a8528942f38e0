#include <catch2/catch.hpp>

#include "pull/commit/commit_checks.hpp"
#include "pull/remote/remote_index.hpp"
#include "pull/remote/remote_setup.hpp"
#include "support/error_kind.hpp"
#include "xylem/error.hpp"

using namespace xylem;

namespace {

object::Commit commit_at(std::uint64_t timestamp) {
  object::Commit commit;
  commit.timestamp = timestamp;
  return commit;
}

repo::Remote plain_remote() {
  repo::Remote remote;
  remote.name = "origin";
  remote.url = "http://localhost/repo";
  remote.gpg_verify = false;
  return remote;
}

ErrorKind refusal(const repo::Remote& remote, const PullOptions& options = {}) {
  try {
    pull::require_usable(remote);
    pull::remote_location(remote, options);
  } catch (const Error& error) {
    return error.kind();
  }
  throw std::logic_error("was accepted");
}

}  // namespace

TEST_CASE("an older commit is a downgrade, an equally old one is not") {
  const pull::TimestampFloor floor{sha256(as_bytes("current")), 1000};
  const Checksum other = sha256(as_bytes("new"));
  CHECK_NOTHROW(pull::check_timestamp(commit_at(1001), other, floor));
  CHECK_NOTHROW(pull::check_timestamp(commit_at(1000), other, floor));
  try {
    pull::check_timestamp(commit_at(999), other, floor);
    FAIL("a downgrade was accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Downgrade);
    CHECK(std::string(error.what()).find("chronologically older") != std::string::npos);
  }
}

TEST_CASE("a strict check refuses another commit of the same time") {
  const pull::TimestampFloor floor{sha256(as_bytes("current")), 1000, true};
  CHECK_NOTHROW(pull::check_timestamp(commit_at(1000), floor.commit, floor));
  CHECK_NOTHROW(pull::check_timestamp(commit_at(1001), sha256(as_bytes("new")), floor));
  for (const std::uint64_t timestamp : {1000, 999}) {
    CAPTURE(timestamp);
    CHECK(error_kind([&] {
            pull::check_timestamp(commit_at(timestamp), sha256(as_bytes("new")), floor);
          }) == ErrorKind::Downgrade);
  }
}

TEST_CASE("a commit may be as large as its summary says, and as metadata may be") {
  CHECK(pull::commit_size_limit(std::nullopt, 1000) == 1000);
  CHECK(pull::commit_size_limit(300, 1000) == 300);
  CHECK(pull::commit_size_limit(UINT64_MAX, 1000) == 1000);
  CHECK(pull::commit_size_limit(300, 0) == 300);
  // Zero means "no limit" further in: a summary cannot ask for that.
  CHECK(pull::commit_size_limit(0, 1000) == 1000);
}

TEST_CASE("timestamps far out of range make a message, not a crash") {
  const pull::TimestampFloor floor{sha256(as_bytes("current")), UINT64_MAX};
  CHECK_THROWS_AS(pull::check_timestamp(commit_at(0), sha256({}), floor), Error);
}

TEST_CASE("a commit that is bound to a ref may not be used under another") {
  object::Commit commit;
  const Checksum checksum = sha256({});
  CHECK_NOTHROW(pull::check_bindings(commit, checksum, "any", std::nullopt));
  commit.metadata = object::DictBuilder()
                        .set(object::commit_key::ref_binding, std::vector<std::string>{"a", "b"})
                        .build();
  CHECK_NOTHROW(pull::check_bindings(commit, checksum, "b", std::nullopt));
  CHECK_THROWS_AS(pull::check_bindings(commit, checksum, "c", std::nullopt), Error);
}

TEST_CASE("ref files hold a checksum and nothing else") {
  const std::string hex(64, '0');
  const auto parse = [](std::string_view text) {
    return pull::parse_ref_file(as_bytes(text), {std::nullopt, "ref"}, "http://localhost/");
  };
  CHECK(parse(hex + "\n").hex() == hex);
  CHECK(parse(hex).hex() == hex);
  CHECK(parse(" " + hex + " \r\n").hex() == hex);
  for (const std::string& bad : {std::string(), std::string("\n"), hex + "0", hex.substr(1),
                                 hex + "\n" + hex, std::string("<!DOCTYPE html><html>"),
                                 std::string(64, 'G'), std::string("\x00\xff\x1b", 3)}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse(bad), Error);
  }
  try {
    parse("<!DOCTYPE html>\n<html>\x1b[31m");
    FAIL("HTML was accepted");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(message.find("<!DOCTYPE html>") != std::string::npos);
    CHECK(message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("remotes that cannot be used say why") {
  repo::Remote unconfigured = plain_remote();
  unconfigured.unconfigured_state = "run the subscription tool first";
  CHECK(refusal(unconfigured) == ErrorKind::InvalidArgument);

  repo::Remote backend = plain_remote();
  backend.custom_backend = "other";
  CHECK(refusal(backend) == ErrorKind::Unsupported);

  repo::Remote scheme = plain_remote();
  scheme.url = "ftp://localhost/repo";
  CHECK(refusal(scheme) == ErrorKind::InvalidArgument);

  repo::Remote empty = plain_remote();
  empty.url = "";
  CHECK(refusal(empty) == ErrorKind::InvalidArgument);
}

TEST_CASE("--url goes before url and contenturl") {
  repo::Remote remote = plain_remote();
  remote.contenturl = "http://localhost/content";
  CHECK(pull::remote_location(remote, {}).url == remote.url);
  CHECK(pull::remote_location(remote, {}).contenturl == remote.contenturl);
  PullOptions options;
  options.url = "http://localhost/other";
  CHECK(pull::remote_location(remote, options).url == *options.url);
  CHECK_FALSE(pull::remote_location(remote, options).contenturl);
}

TEST_CASE("lists of mirrors are taken where a URL is") {
  repo::Remote remote = plain_remote();
  remote.url = "mirrorlist=https://localhost/list";
  CHECK(pull::remote_location(remote, {}).url == remote.url);
  remote.metalink = "https://user:secret@localhost/metalink";
  CHECK(pull::remote_location(remote, {}).metalink == remote.metalink);
  CHECK(pull::remote_location(remote, {}).where() == "https://localhost/metalink");
  remote.metalink.reset();
  remote.url = "mirrorlist=ftp://localhost/list";
  CHECK(refusal(remote) == ErrorKind::InvalidArgument);
}
