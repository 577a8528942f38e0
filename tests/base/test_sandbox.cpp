#include "base/sandbox.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "base/os.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;

namespace {

/// On a thread of its own, which may give up what it likes.
void on_thread(const std::function<void()>& action) {
  std::thread(action).join();
}

std::optional<ErrorKind> try_create(const PathAt& path) {
  return error_kind([&] { os::open(path, O_WRONLY | O_CREAT, 0600); });
}

}  // namespace

TEST_CASE("a confined thread writes nowhere else, and its threads neither") {
  if (landlock_version() < 2) {
    on_thread([] { CHECK(error_kind([] { confine_writes({}); }) == ErrorKind::Unsupported); });
    return;
  }
  const test::TempDir dir;
  os::make_dir(dir.at("in"), 0755);
  os::make_dir(dir.at("out"), 0755);
  os::write_all(os::open(dir.at("out/old"), O_WRONLY | O_CREAT, 0600), as_bytes("old"));
  on_thread([&] {
    confine_writes({dir / "in", dir / "missing"});
    CHECK_FALSE(try_create(dir.at("in/file")));
    os::make_dirs(dir.at("in/a/b"), 0755);
    os::rename(dir.at("in/file"), dir.at("in/a/b/file"));
    CHECK(os::link(dir.at("in/a/b/file"), dir.at("in/link")));
    CHECK(as_text(*os::try_read_file(dir.at("out/old"), 10)) == "old");

    const auto refused = [&] {
      CHECK(try_create(dir.at("out/file")) == ErrorKind::Io);
      CHECK(error_kind([&] { os::open(dir.at("out/old"), O_WRONLY); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::unlink(dir.at("out/old")); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::make_dir(dir.at("out/dir"), 0755); }) == ErrorKind::Io);
      CHECK(error_kind([&] { os::symlink("x", dir.at("out/link")); }) == ErrorKind::Io);
    };
    refused();
    on_thread(refused);
  });
  // Who started it is as free as before.
  CHECK_FALSE(try_create(dir.at("out/file")));
}

TEST_CASE("a single file may be written, what is beside it may not") {
  if (landlock_version() < 2) return;
  const test::TempDir dir;
  CHECK_FALSE(try_create(dir.at("file")));
  on_thread([&] {
    confine_writes({dir / "file"});
    os::write_all(os::open(dir.at("file"), O_WRONLY | O_CREAT | O_APPEND, 0600), as_bytes("x"));
    CHECK(try_create(dir.at("other")) == ErrorKind::Io);
    CHECK(error_kind([&] { os::unlink(dir.at("file")); }) == ErrorKind::Io);
  });
}
