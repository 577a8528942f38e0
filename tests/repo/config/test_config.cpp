#include <catch2/catch.hpp>

#include "repo/config/config.hpp"
#include "support/error_kind.hpp"

namespace xylem::repo {

namespace {

using namespace std::chrono_literals;

/// The minimal file with `lines` added to [core].
Config parse(const std::string& lines, const std::string& more = {}) {
  const std::string text = "[core]\nrepo_version=1\nmode=bare\n" + lines + "\n" + more;
  return parse_config(KeyFile::parse(as_bytes(text), "config"));
}

}  // namespace

TEST_CASE("defaults are libostree's") {
  const Config config = parse("");
  CHECK(config.mode == Mode::Bare);
  CHECK_FALSE(config.parent);
  CHECK_FALSE(config.collection_id);
  CHECK(config.fsync);
  CHECK_FALSE(config.per_object_fsync);
  CHECK(config.locking);
  CHECK(config.lock_timeout == 300s);
  CHECK(config.tmp_expiry == 24h);
  CHECK(config.min_free_space.percent == 3);
  CHECK_FALSE(config.min_free_space.bytes);
  CHECK(config.zlib_level == 6);
  CHECK_FALSE(config.disable_xattrs);
  CHECK_FALSE(config.auto_update_summary);
  CHECK_FALSE(config.add_remotes_config_dir);
  CHECK_FALSE(config.tombstone_commits);
  CHECK_FALSE(config.no_deltas_in_summary);
}

TEST_CASE("every key is read") {
  const Config config = parse(
      "parent=/other\ncollection-id=org.example.Os\nfsync=false\nper-object-fsync=true\n"
      "locking=false\nlock-timeout-secs=7\ntmp-expiry-secs=60\nmin-free-space-percent=10\n"
      "disable-xattrs=true\ncommit-update-summary=true\nadd-remotes-config-dir=true\n"
      "tombstone-commits=true\nno-deltas-in-summary=true",
      "[archive]\nzlib-level=2\n");
  CHECK(config.parent == "/other");
  CHECK(config.collection_id == "org.example.Os");
  CHECK_FALSE(config.fsync);
  CHECK(config.per_object_fsync);
  CHECK_FALSE(config.locking);
  CHECK(config.lock_timeout == 7s);
  CHECK(config.tmp_expiry == 60s);
  CHECK(config.min_free_space.percent == 10);
  CHECK(config.zlib_level == 2);
  CHECK(config.disable_xattrs);
  CHECK(config.auto_update_summary);
  CHECK(config.add_remotes_config_dir);
  CHECK(config.tombstone_commits);
  CHECK(config.no_deltas_in_summary);
}

TEST_CASE("all modes are known, and archive is an alias") {
  const auto mode = [](const std::string& name) {
    const std::string text = "[core]\nrepo_version=1\nmode=" + name + "\n";
    return parse_config(KeyFile::parse(as_bytes(text), "config")).mode;
  };
  CHECK(mode("archive") == Mode::Archive);
  CHECK(mode("archive-z2") == Mode::Archive);
  CHECK(mode("bare-user") == Mode::BareUser);
  CHECK(mode("bare-user-only") == Mode::BareUserOnly);
  CHECK(mode("bare-split-xattrs") == Mode::BareSplitXattrs);
  CHECK_THROWS_WITH(mode("tar"), Catch::Contains("core.mode") && Catch::Contains("tar"));
}

TEST_CASE("the lock timeout may be endless, or off") {
  CHECK_FALSE(parse("lock-timeout-secs=-1").lock_timeout);
  CHECK(parse("lock-timeout-secs=-1").locking);
  CHECK_FALSE(parse("lock-timeout-secs=-2").locking);
  CHECK(parse("lock-timeout-secs=9223372036854775807").lock_timeout > 24h * 365);
}

TEST_CASE("the compression level is kept within its limits") {
  CHECK(parse("", "[archive]\nzlib-level=0\n").zlib_level == 1);
  CHECK(parse("", "[archive]\nzlib-level=100\n").zlib_level == 9);
}

TEST_CASE("a reserve in bytes wins over one in percent") {
  const MinFreeSpace both =
      parse("min-free-space-size=2GB\nmin-free-space-percent=5").min_free_space;
  CHECK(both.bytes == 2ULL << 30);
  CHECK(both.percent == 5);
  const MinFreeSpace none = parse("min-free-space-size=0MB").min_free_space;
  CHECK_FALSE(none.bytes);
  CHECK(none.percent == 0);
  CHECK(parse("min-free-space-percent=0").min_free_space.percent == 0);
}

TEST_CASE("sizes are in powers of two") {
  CHECK(parse_space_size("1MB") == 1ULL << 20);
  CHECK(parse_space_size("10GB") == 10ULL << 30);
  CHECK(parse_space_size("3TB") == 3ULL << 40);
  for (const char* text :
       {"", "10", "10G", "GB", "10KB", "-1GB", "1.5GB", "10GB ", "99999999999999TB", "10gB"})
    CHECK(error_kind([&] { parse_space_size(text); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("values that make no sense are refused by key") {
  const std::pair<const char*, const char*> table[] = {
      {"archive=true", "core.archive"},
      {"fsync=perhaps", "fsync"},
      {"lock-timeout-secs=-3", "core.lock-timeout-secs"},
      {"lock-timeout-secs=soon", "lock-timeout-secs"},
      {"tmp-expiry-secs=-1", "core.tmp-expiry-secs"},
      {"min-free-space-percent=100", "core.min-free-space-percent"},
      {"min-free-space-percent=3%", "core.min-free-space-percent"},
      {"min-free-space-size=lots", "core.min-free-space-size"},
  };
  for (const auto& [line, key] : table) {
    CHECK_THROWS_WITH(parse(line), Catch::Contains(key));
    CHECK(error_kind([&, text = line] { parse(text); }) == ErrorKind::InvalidArgument);
  }
}

TEST_CASE("only version 1 is known") {
  for (const char* text : {"[core]\nrepo_version=2\nmode=bare\n", "[core]\nmode=bare\n", ""})
    CHECK_THROWS_WITH(parse_config(KeyFile::parse(as_bytes(text), "config")),
                      Catch::Contains("repo_version"));
}

}  // namespace xylem::repo
