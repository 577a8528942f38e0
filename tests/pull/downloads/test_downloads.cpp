// What dead fetchers left, and how long the living are waited for.

#include <catch2/catch.hpp>
#include <cerrno>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "pull/downloads/downloads.hpp"
#include "pull/downloads/holder_watch.hpp"
#include "repo/disk/layout.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::pull;
using namespace std::chrono_literals;
using test::TempDir;
using test::write_file;

namespace {

struct Fixture {
  TempDir tmp;
  repo::TmpDir own = repo::allocate_tmpdir(tmp.fd(), repo::layout::fetch_prefix);

  std::string dead_dir(const std::string& name) {
    os::make_dir({tmp.fd(), name}, 0755);
    return tmp / name + "/";
  }
  std::string text(const std::string& name) const {
    const auto bytes = os::try_read_file({own.fd(), name}, 100);
    return bytes ? std::string(as_text(*bytes)) : "none";
  }
};

/// Counts the locks that are taken, or tried to.
class LockCounter : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == os::Operation::Lock) ++taken_;
    return real();
  }
  int taken() const { return taken_; }

 private:
  int taken_ = 0;
};

/// Opening something of this name is refused, as it is to another user.
/// A directory of another user: not even its files can be reached.
class Closed : public os::Observer {
 public:
  explicit Closed(std::string name) : name_(std::move(name)) {}
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation != os::Operation::Open || call.path == nullptr || call.path->name != name_)
      return real();
    errno = EACCES;
    return -1;
  }

 private:
  std::string name_;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a download of dead fetchers is taken over, the longer of two") {
  const std::string first = dead_dir("fetch-aaaaaa");
  write_file(first + "one.filez.part", "12345");
  write_file(first + "one.filez.json", "record");
  write_file(first + "anonymous-0.part", "of no use");
  const std::string second = dead_dir("fetch-bbbbbb");
  write_file(second + "one.filez.part", "123");
  write_file(second + "one.filez.json", "old record");
  write_file(second + "two.filez", "whole");
  CHECK(downloaded_bytes(tmp.fd(), "one.filez") == 5);

  CHECK(gather_download(tmp.fd(), own, "one.filez"));
  CHECK(text("one.filez.part") == "12345");
  CHECK(text("one.filez.json") == "record");
  CHECK_FALSE(os::exists({tmp.fd(), "fetch-bbbbbb/one.filez.part"}));
  CHECK(text("two.filez") == "none");
  CHECK_FALSE(gather_download(tmp.fd(), own, "one.filez"));
  CHECK(gather_download(tmp.fd(), own, "two.filez"));
  CHECK(text("two.filez") == "whole");
  CHECK(text("anonymous-0.part") == "none");
}

TEST_CASE_METHOD(Fixture, "a dead fetcher's directory goes with its last download") {
  const std::string dead = dead_dir("fetch-aaaaaa");
  write_file(dead + "one.filez.part", "12345");
  write_file(dead + "pull.record", "{}");
  write_file(dead + "anonymous-0.part", "of no use");
  CHECK(gather_download(tmp.fd(), own, "one.filez"));
  CHECK(list_directory(tmp.fd()).size() == 2);  // our own, and its lock
}

TEST_CASE_METHOD(Fixture, "a living fetcher keeps what it has") {
  const repo::TmpDir other = repo::make_tmpdir(tmp.fd(), repo::layout::fetch_prefix);
  write_file(tmp / other.name() + "/one.filez.part", "12345");
  CHECK_FALSE(gather_download(tmp.fd(), own, "one.filez"));
  CHECK(abandoned_downloads(tmp.fd()).empty());
  CHECK(downloaded_bytes(tmp.fd(), "one.filez") == 5);
}

TEST_CASE_METHOD(Fixture, "what dead fetchers left is seen, and left where it is") {
  write_file(dead_dir("fetch-aaaaaa") + "one.filez.part", "12345");
  write_file(tmp / "fetch-aaaaaa/one.filez.json", "{}");
  write_file(dead_dir("fetch-bbbbbb") + "pull.record", "{}");
  const repo::TmpDir living = repo::make_tmpdir(tmp.fd(), repo::layout::fetch_prefix);
  write_file(tmp / living.name() + "/two.filez.part", "1");
  write_file(tmp / own.name() + "/three.filez.part", "1");
  CHECK(abandoned_downloads(tmp.fd()) == std::set<std::string>{"one.filez"});
  CHECK(os::exists({tmp.fd(), "fetch-aaaaaa/one.filez.part"}));
  CHECK_FALSE(os::exists({tmp.fd(), "fetch-bbbbbb"}));
}

TEST_CASE_METHOD(Fixture, "who looks for what dead fetchers left keeps nobody from taking it") {
  write_file(dead_dir("fetch-aaaaaa") + "one.filez.part", "12345");
  LockCounter locks;
  const os::ObserverScope scope(locks);
  CHECK(abandoned_downloads(tmp.fd()) == std::set<std::string>{"one.filez"});
  CHECK(locks.taken() == 0);
}

TEST_CASE_METHOD(Fixture, "what is closed to this user hides nothing else") {
  write_file(dead_dir("fetch-aaaaaa") + "one.filez.part", "12345");
  write_file(dead_dir("fetch-bbbbbb") + "one.filez.part", "123456789");
  Closed closed("fetch-bbbbbb");
  const os::ObserverScope scope(closed);
  CHECK(downloaded_bytes(tmp.fd(), "one.filez") == 5);
  CHECK(abandoned_downloads(tmp.fd()) == std::set<std::string>{"one.filez"});
  CHECK(gather_download(tmp.fd(), own, "one.filez"));
  CHECK(text("one.filez.part") == "12345");
}

TEST_CASE("downloads are superseded by a pull of the same refs, or more, of the same remote") {
  const PullRecord dead{.remote = "origin", .refs = {"a", "b"}};
  CHECK(is_superseded(dead, dead));
  CHECK(is_superseded(dead, {.remote = "origin", .refs = {"c", "b", "a"}}));
  CHECK_FALSE(is_superseded(dead, {.remote = "origin", .refs = {"a"}}));
  CHECK_FALSE(is_superseded(dead, {.remote = "other", .refs = {"a", "b"}}));
  const PullRecord all{.remote = "origin"};
  CHECK(is_superseded(all, all));
  CHECK_FALSE(is_superseded(all, dead));
}

TEST_CASE_METHOD(Fixture, "downloads go whose object is here, and those of the living stay") {
  const std::string hex(64, 'a');
  const std::string other(64, 'b');
  const std::string dead = dead_dir("fetch-aaaaaa");
  write_file(dead + hex + ".filez", "whole");
  write_file(dead_dir("fetch-bbbbbb") + hex + ".filez.part", "begun");
  write_file(tmp / "fetch-bbbbbb/" + other + ".filez.part", "begun");
  write_file(tmp / own.name() + "/" + hex + ".filez.part", "at work");
  const auto here = [&](const object::ObjectName& name) { return name.checksum.hex() == hex; };
  remove_unwanted_downloads(tmp.fd(), here, nullptr);
  CHECK_FALSE(os::exists({tmp.fd(), "fetch-aaaaaa"}));
  CHECK_FALSE(os::exists({tmp.fd(), "fetch-bbbbbb/" + hex + ".filez.part"}));
  CHECK(os::exists({tmp.fd(), "fetch-bbbbbb/" + other + ".filez.part"}));
  CHECK(text(hex + ".filez.part") == "at work");
}

TEST_CASE("a holder is stuck when nothing has changed for too long, and is not asked before") {
  const HolderWatch::Clock::time_point start{};
  HolderWatch watch(30s, start);
  int asked = 0;
  const auto have = [&](std::uint64_t bytes) {
    return [&asked, bytes] {
      ++asked;
      return bytes;
    };
  };
  CHECK_FALSE(watch.is_stuck(have(0), start + 29s));
  CHECK(asked == 0);
  CHECK_FALSE(watch.is_stuck(have(100), start + 30s));
  CHECK_FALSE(watch.is_stuck(have(100), start + 59s));
  CHECK(watch.is_stuck(have(100), start + 60s));
  CHECK_FALSE(watch.is_stuck(have(101), start + 90s));
  CHECK_FALSE(watch.is_stuck(have(50), start + 120s));
  CHECK(watch.is_stuck(have(50), start + 150s));
  CHECK(asked == 5);
}
