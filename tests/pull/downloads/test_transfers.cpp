#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "base/os/directory.hpp"
#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "pull/downloads/abort_request.hpp"
#include "pull/downloads/download_dir.hpp"
#include "pull/downloads/pull_record.hpp"
#include "pull/downloads/transfers.hpp"
#include "repo/disk/layout.hpp"
#include "repo/locks/tmpdir.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::pull;
using test::TempDir;
using test::write_file;

namespace {

constexpr char part_record[] =
    R"({"url": "http://x/y", "etag": "", "last_modified": "", "started": 5, "updated": 6,
        "total": 100})";

std::string stale_dir(const TempDir& tmp) {
  os::make_dir({tmp.fd(), "fetch-aaaaaa"}, 0755);
  const std::string dir = tmp / "fetch-aaaaaa/";
  write_file(dir + "one.filez.part", "12345");
  write_file(dir + "one.filez.json", part_record);
  write_file(dir + "two.filez.part", "1");
  return dir;
}

/// Fails to list one directory.
class Unlistable : public os::Observer {
 public:
  explicit Unlistable(ino_t inode) : inode_(inode) {}

  long call(const os::Call& call, const std::function<long()>& real) override {
    struct stat info {};
    if (call.operation != os::Operation::List || ::fstat(call.fd.get(), &info) != 0 ||
        info.st_ino != inode_)
      return real();
    ++refused_;
    errno = EIO;
    return -1;
  }
  int refused() const { return refused_; }

 private:
  ino_t inode_;
  int refused_ = 0;
};

}  // namespace

TEST_CASE("a pull's record survives being written down, and nothing else passes for one") {
  const PullRecord record{"origin", {"os/main", "os/\"odd\""}, 42, 1000, 5, 6};
  CHECK(parse_pull_record(format_pull_record(record)) == record);
  for (const char* text : {"", "{}", "[]", "nonsense", R"({"pid": "x"})"})
    CHECK_FALSE(parse_pull_record(text));
}

TEST_CASE("the state follows from the owner and the last change") {
  CHECK(transfer_state(true, 100, 130) == Transfer::State::Active);
  CHECK(transfer_state(true, 100, 131) == Transfer::State::Paused);
  CHECK(transfer_state(false, 100, 101) == Transfer::State::Stale);
}

TEST_CASE("living and stale transfers are listed") {
  const TempDir tmp;
  CHECK(list_transfers(tmp.fd()).empty());
  stale_dir(tmp);
  const auto own = repo::allocate_tmpdir(tmp.fd(), "fetch-b");
  write_pull_record(own.fd(), {"origin", {"os/main"}, 42, 1000, 5, std::time(nullptr)});

  const auto transfers = list_transfers(tmp.fd());
  REQUIRE(transfers.size() == 4);
  CHECK(transfers[0].name == "fetch-aaaaaa");
  CHECK(transfers[0].state == Transfer::State::Stale);
  CHECK(transfers[1].name == own.name());
  CHECK(transfers[1].state == Transfer::State::Active);
  CHECK(transfers[1].refs == std::vector<std::string>{"os/main"});
  CHECK(transfers[1].pid == 42);
  CHECK(transfers[1].bytes == 1000);
  CHECK(transfers[2].name == "one.filez");
  CHECK(transfers[2].kind == Transfer::Kind::Object);
  CHECK(transfers[2].bytes == 5);
  CHECK(transfers[2].total == 100);
  CHECK(transfers[2].started == 5);
}

TEST_CASE("a directory that cannot be looked at does not hide the others") {
  const TempDir tmp;
  stale_dir(tmp);
  const auto own = repo::make_tmpdir(tmp.fd(), "fetch-b");
  Unlistable observer(os::stat(own.fd()).st_ino);
  const os::ObserverScope scope(observer);
  CHECK(list_transfers(tmp.fd()).size() == 4);
  CHECK(observer.refused() > 0);
}

TEST_CASE("a stale transfer is deleted, one or all of them") {
  const TempDir tmp;
  stale_dir(tmp);
  abort_transfer(tmp.fd(), "one.filez");
  CHECK(list_transfers(tmp.fd()).size() == 2);
  abort_transfer(tmp.fd(), "fetch-aaaaaa");
  CHECK(list_directory(tmp.fd()).empty());
  CHECK(error_kind([&] { abort_transfer(tmp.fd(), "fetch-aaaaaa"); }) == ErrorKind::NotFound);
  CHECK(error_kind([&] { abort_transfer(tmp.fd(), "../config"); }) == ErrorKind::NotFound);
}

TEST_CASE("the owner is asked to end, and waited for") {
  const TempDir tmp;
  auto own = std::make_unique<DownloadDir>(tmp.fd());
  const std::string name = list_transfers(tmp.fd()).at(0).name;
  std::thread owner([&] {
    while (!own->is_abort_requested()) std::this_thread::yield();
    own.reset();
  });
  abort_transfer(tmp.fd(), name);
  owner.join();
  CHECK(list_directory(tmp.fd()).empty());
}

TEST_CASE("a request to end is not for who takes over the downloads") {
  const TempDir tmp;
  const std::string dir = stale_dir(tmp);
  write_file(dir + "abort", "");
  DownloadDir next(tmp.fd());
  CHECK_FALSE(next.is_abort_requested());
  CHECK(next.take_over("one.filez"));
  CHECK(next.take_over("two.filez"));
  CHECK_FALSE(next.is_abort_requested());
  {
    const AbortRequest request(next.fd());
    CHECK(next.is_abort_requested());
  }
  CHECK_FALSE(next.is_abort_requested());
}

TEST_CASE("a request that is not met is taken back") {
  const TempDir tmp;
  const DownloadDir own(tmp.fd());
  const CancelSource cancel;
  std::jthread impatient([&] {
    while (!own.is_abort_requested()) std::this_thread::yield();
    cancel.cancel();
  });
  const std::string name = list_transfers(tmp.fd()).at(0).name;
  CHECK(error_kind([&] { abort_transfer(tmp.fd(), name, cancel.token()); }) ==
        ErrorKind::Cancelled);
  CHECK_FALSE(own.is_abort_requested());
}
