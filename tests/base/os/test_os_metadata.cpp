#include <catch2/catch.hpp>

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/os/os_observer.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using test::write_file;

namespace {

/// Whether the file system of `dir` has user.* attributes; some have not.
bool has_xattrs(const test::TempDir& dir) {
  write_file(dir / "probe", "");
  const UniqueFd fd = os::open(dir.at("probe"), O_RDWR);
  if (os::try_set_xattr(fd, "user.probe", as_bytes("x"))) return true;
  WARN("this file system has no extended attributes");
  return false;
}

}  // namespace

TEST_CASE("mode and times") {
  const test::TempDir dir;
  write_file(dir / "file", "x");
  os::symlink("file", dir.at("link"));
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR);
  os::set_mode(fd, 04755);
  os::set_mtime(fd, 0);
  CHECK((os::stat(fd).st_mode & 07777) == 04755);
  CHECK(os::stat(fd).st_mtim.tv_sec == 0);
  os::set_mtime(dir.at("link"), 77);
  CHECK(os::try_stat(dir.at("link"))->st_mtim.tv_sec == 77);
  CHECK(os::stat(fd).st_mtim.tv_sec == 0);
  CHECK(os::touch(dir.at("file")));
  CHECK(os::stat(fd).st_mtim.tv_sec > 1000000000);
  CHECK_FALSE(os::touch(dir.at("none")));
}

TEST_CASE("a mode that is right already is left alone") {
  struct Counter : os::Observer {
    long call(const os::Call& call, const std::function<long()>& real) override {
      changes += call.operation == os::Operation::SetMode ? 1 : 0;
      return real();
    }
    int changes = 0;
  };
  const test::TempDir dir;
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR | O_CREAT, 0600);
  Counter counter;
  const os::ObserverScope scope(counter);
  os::ensure_mode(fd, 0600);
  CHECK(counter.changes == 0);
  os::ensure_mode(fd, 04600);
  CHECK(counter.changes == 1);
  CHECK((os::stat(fd).st_mode & 07777) == 04600);
  os::ensure_mode(fd, 0600);
  CHECK((os::stat(fd).st_mode & 07777) == 0600);
}

TEST_CASE("owners") {
  const test::TempDir dir;
  write_file(dir / "file", "x");
  os::symlink("nowhere", dir.at("link"));
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR);
  CHECK_NOTHROW(os::set_owner(fd, ::getuid(), ::getgid()));
  CHECK_NOTHROW(os::set_owner(dir.at("link"), ::getuid(), ::getgid()));
  if (::getuid() != 0) {
    CHECK(error_kind([&] { os::set_owner(fd, 0, 0); }) == ErrorKind::Io);
    return;
  }
  os::set_owner(dir.at("link"), 12, 34);
  CHECK(os::try_stat(dir.at("link"))->st_uid == 12);
  CHECK(os::try_stat(dir.at("link"))->st_gid == 34);
}

TEST_CASE("extended attributes, by descriptor and by name") {
  const test::TempDir dir;
  if (!has_xattrs(dir)) return;
  write_file(dir / "file", "x");
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR);
  const Bytes large(3000, 7);
  os::set_xattr(fd, "user.large", large);
  os::set_xattr(dir.at("file"), "user.empty", {});
  os::set_xattr(fd, "user.small", as_bytes("old"));
  os::set_xattr(fd, "user.small", as_bytes("new"));

  CHECK(os::try_get_xattr(fd, "user.large") == large);
  CHECK(os::try_get_xattr(dir.at("file"), "user.small") == Bytes{'n', 'e', 'w'});
  CHECK(os::try_get_xattr(fd, "user.empty") == Bytes{});
  CHECK_FALSE(os::try_get_xattr(fd, "user.none"));

  const auto count = [](const std::vector<os::ExtendedAttribute>& all) {
    return std::count_if(all.begin(), all.end(), [](const os::ExtendedAttribute& attribute) {
      return attribute.name.starts_with("user.");
    });
  };
  CHECK(count(os::list_xattrs(fd)) == 3);
  CHECK(count(os::list_xattrs(dir.at("file"))) == 3);
  os::remove_xattr(fd, "user.large");
  os::remove_xattr(fd, "user.large");
  CHECK(count(os::list_xattrs(fd)) == 2);
}

TEST_CASE("many attributes are all listed") {
  const test::TempDir dir;
  if (!has_xattrs(dir)) return;
  write_file(dir / "file", "x");
  const UniqueFd fd = os::open(dir.at("file"), O_RDWR);
  for (int i = 0; i < 40; ++i) os::set_xattr(fd, "user.number-" + std::to_string(i), {});
  CHECK(os::list_xattrs(fd).size() >= 40);
}

TEST_CASE("a symbolic link is not followed, and takes no user attribute") {
  const test::TempDir dir;
  if (!has_xattrs(dir)) return;
  write_file(dir / "file", "x");
  os::symlink("file", dir.at("link"));
  os::set_xattr(dir.at("file"), "user.a", as_bytes("1"));
  CHECK_FALSE(os::try_get_xattr(dir.at("link"), "user.a"));
  CHECK(error_kind([&] { os::set_xattr(dir.at("link"), "user.a", as_bytes("2")); }) ==
        ErrorKind::Io);
}

TEST_CASE("where attributes do not exist, there are none") {
  const UniqueFd proc = os::open({FileDescriptor::cwd(), "/proc/self/status"}, O_RDONLY);
  CHECK_FALSE(os::try_get_xattr(proc, "user.a"));
  CHECK_FALSE(os::try_set_xattr(proc, "user.a", {}));
}
