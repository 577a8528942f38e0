#include <catch2/catch.hpp>
#include <cstdlib>

#include "repo/disk/layout.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using object::ObjectName;
using object::ObjectType;

const Checksum sum =
    Checksum::parse("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
const std::string rest = "23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Sets a variable of the environment for a while.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { ::unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("objects have libostree's names") {
  CHECK(layout::loose_object({sum, ObjectType::File}, Mode::Bare) == "01/" + rest + ".file");
  CHECK(layout::loose_object({sum, ObjectType::File}, Mode::Archive) == "01/" + rest + ".filez");
  CHECK(layout::loose_object({sum, ObjectType::Commit}, Mode::Archive) == "01/" + rest + ".commit");
  CHECK(layout::loose_object({sum, ObjectType::TombstoneCommit}, Mode::Archive) ==
        "01/" + rest + ".tombstone-commit");
  CHECK(layout::loose_extension(ObjectType::PayloadLink, Mode::Archive) == "payload-linkz");
  CHECK(layout::remote_object({sum, ObjectType::File}) == "objects/01/" + rest + ".filez");
}

TEST_CASE("object names are parsed in the mode that they belong to") {
  const ObjectName file{sum, ObjectType::File};
  CHECK(layout::parse_loose_object("01", rest + ".file", Mode::BareUser) == file);
  CHECK(layout::parse_loose_object("01", rest + ".filez", Mode::Archive) == file);
  CHECK_FALSE(layout::parse_loose_object("01", rest + ".file", Mode::Archive));
  CHECK_FALSE(layout::parse_loose_object("01", rest + ".filez", Mode::Bare));
  CHECK_FALSE(layout::parse_loose_object("01", rest + ".commitz", Mode::Archive));
  CHECK(layout::parse_loose_object("01", rest + ".file-xattrs-link", Mode::BareSplitXattrs) ==
        ObjectName{sum, ObjectType::FileXattrsLink});
}

TEST_CASE("foreign names are no objects") {
  for (const std::string& name :
       {std::string(), rest, rest + ".", rest + ".unknown", rest.substr(1) + ".file",
        "X" + rest.substr(1) + ".file", "A" + rest.substr(1) + ".file", rest + "0.file"})
    CHECK_FALSE(layout::parse_loose_object("01", name, Mode::Bare));
  CHECK_FALSE(layout::parse_loose_object("0", rest + ".file", Mode::Bare));
  CHECK_FALSE(layout::parse_loose_object("0g", rest + ".file", Mode::Bare));
}

TEST_CASE("markers of partial commits name their commit") {
  CHECK(layout::partial_marker(sum) == "state/" + sum.hex() + ".commitpartial");
  CHECK(layout::parse_partial_marker(sum.hex() + ".commitpartial") == sum);
  CHECK_FALSE(layout::parse_partial_marker(sum.hex()));
  CHECK_FALSE(layout::parse_partial_marker("abc.commitpartial"));
}

TEST_CASE("staging directories carry the boot id") {
  CHECK(layout::staging_prefix().size() == std::string("staging-").size() + 36 + 1);
  CHECK(layout::staging_prefix().starts_with(layout::any_staging_prefix));
  const Environment boot("OSTREE_BOOTID", "another");
  CHECK(layout::staging_prefix() == "staging-another-");
}

TEST_CASE("a boot id cannot lead out of tmp/") {
  const Environment boot("OSTREE_BOOTID", "../../elsewhere");
  CHECK(error_kind([] { layout::staging_prefix(); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("refs and files of remotes have their places") {
  CHECK(layout::ref_file("os/main") == "refs/heads/os/main");
  CHECK(layout::remote_ref_file("origin", "os/main") == "refs/remotes/origin/os/main");
  CHECK(layout::mirror_ref_file("org.example.Os", "main") == "refs/mirrors/org.example.Os/main");
  CHECK(layout::remote_keyring("origin") == "origin.trustedkeys.gpg");
  CHECK(layout::remote_cookies("origin") == "origin.cookies.txt");
}

}  // namespace xylem::repo
