#include <catch2/catch.hpp>
#include <functional>

#include "pull/request.hpp"
#include "xylem/error.hpp"

using xylem::Error;
using xylem::ErrorKind;
using xylem::PullOptions;
using xylem::pull::parse_ref_request;
using xylem::pull::validate;

namespace {

const std::string checksum(64, 'a');

ErrorKind kind_of(const std::function<void(PullOptions&)>& change) {
  PullOptions options;
  options.remote = "origin";
  change(options);
  try {
    validate(options);
  } catch (const Error& error) {
    return error.kind();
  }
  throw std::logic_error("was accepted");
}

}  // namespace

TEST_CASE("refs, refs held to a commit, and commits are told apart") {
  const auto ref = parse_ref_request("os/debian/x86_64");
  CHECK(ref.ref == "os/debian/x86_64");
  CHECK_FALSE(ref.commit);

  const auto held = parse_ref_request("os/debian@" + checksum);
  CHECK(held.ref == "os/debian");
  CHECK(held.commit->hex() == checksum);

  const auto commit = parse_ref_request(checksum);
  CHECK_FALSE(commit.ref);
  CHECK(commit.commit->hex() == checksum);
}

TEST_CASE("malformed requests are refused") {
  for (const std::string& text :
       {std::string(), std::string("/"), std::string("a//b"), std::string("../x"),
        std::string("a b"), std::string("ref@"), std::string("ref@abc"), "@" + checksum,
        "ref@" + std::string(64, 'A'), std::string("origin:ref")}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_ref_request(text), Error);
  }
}

TEST_CASE("plain options are accepted") {
  PullOptions options;
  options.remote = "origin";
  CHECK_NOTHROW(validate(options));
  options.depth = -1;
  CHECK_NOTHROW(validate(options));
}

TEST_CASE("options that make no sense are refused by kind") {
  using O = PullOptions;
  CHECK(kind_of([](O& o) { o.depth = -11; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.depth = -2; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.timestamp_check = true, o.depth = 1; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.remote = ""; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.remote = "../up"; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.refs = {"no spaces please"}; }) == ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.update_frequency = std::chrono::milliseconds(0); }) ==
        ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.disable_static_deltas = o.require_static_deltas = true; }) ==
        ErrorKind::InvalidArgument);
  CHECK(kind_of([](O& o) { o.local_repository = "/x", o.url = "http://x"; }) ==
        ErrorKind::InvalidArgument);
}
