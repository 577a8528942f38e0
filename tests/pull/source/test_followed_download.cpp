// When the bytes of a large download are read.

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "base/os/os.hpp"
#include "pull/source/followed_download.hpp"
#include "support/error_kind.hpp"
#include "support/temp_dir.hpp"
#include "xylem/error.hpp"

using namespace xylem;
using pull::FollowedDownload;

namespace {

constexpr std::size_t piece = 2'000'000;

Bytes wait(std::promise<Bytes>& promise) {
  auto future = promise.get_future();
  REQUIRE(future.wait_for(std::chrono::minutes(2)) == std::future_status::ready);
  return future.get();
}

/// A download of two pieces, and an import that tells what it has read.
struct Site {
  test::TempDir dir;
  UniqueFd fd = os::open(dir.at("part"), O_RDWR | O_CREAT, 0644);
  std::atomic<unsigned> running = 0;
  std::atomic<unsigned> begun = 0;
  std::promise<Bytes> first;  ///< The first piece, of the import that reads it.
  std::promise<Bytes> second;
  std::string where;
  FollowedDownload download{running, [this](GrowingFile& file) { import(file); }};

  void import(GrowingFile& file) {
    const unsigned turn = ++begun;
    Bytes bytes(piece);
    file.read_at(bytes, 0);
    if (turn == 1) first.set_value(bytes);
    file.read_at(bytes, piece);
    second.set_value(bytes);
    where = file.wait_complete().name;
    if (bytes.front() == 'x') throw Error(ErrorKind::Corrupt, "bad");
  }
  /// So much that the import, which reads in large steps, takes the piece at once.
  void write(std::size_t which, char letter) {
    const Bytes bytes(2 * piece, static_cast<std::uint8_t>(letter));
    os::write_all_at(fd, bytes, which * piece);
  }
  void go() { download.goes_to(fd, 0, 2 * piece); }
  /// But for a byte the first piece is there already; it is read.
  void go_on(char letter) {
    write(0, letter);
    download.goes_to(fd, 2 * piece - 1, 2 * piece);
    CHECK(wait(first).front() == letter);
  }
  bool finish() { return download.finish(dir.at("whole")); }
};

}  // namespace

TEST_CASE("a download is imported while it comes", "[pull]") {
  Site site;
  site.go();
  site.write(0, 'a');
  site.download.grew(2 * piece - 1);
  CHECK(wait(site.first).front() == 'a');
  site.write(1, 'b');
  site.download.grew(2 * piece);
  CHECK(site.finish());
  CHECK(wait(site.second) == Bytes(piece, 'b'));
  CHECK(site.where == "whole");
  CHECK(site.begun == 1);
  CHECK(site.running == 0);
}

TEST_CASE("a download that goes on later is imported by the same thread", "[pull]") {
  Site site;
  site.go_on('a');
  site.write(1, 'b');
  site.download.goes_to(site.fd, 2 * piece - 1, 2 * piece);
  site.download.grew(2 * piece);
  CHECK(site.finish());
  CHECK(site.begun == 1);
}

TEST_CASE("a download that begins anew is imported anew", "[pull]") {
  Site site;
  site.go_on('x');
  site.download.starts_over();
  CHECK(site.running == 0);
  site.write(0, 'a');
  site.download.goes_to(site.fd, 2 * piece, 2 * piece);
  CHECK(site.finish());
  CHECK(wait(site.second) == Bytes(piece, 'a'));
  CHECK(site.begun == 2);
}

TEST_CASE("a download that is never finished is not waited for", "[pull]") {
  std::atomic<unsigned> running = 0;
  {
    const Site site;
    FollowedDownload download(running, [](GrowingFile& file) { file.wait_complete(); });
    download.goes_to(site.fd, 0, 2 * piece);
    CHECK(running == 1);
  }
  CHECK(running == 0);
}

TEST_CASE("what the import of a download throws comes with its end", "[pull]") {
  Site site;
  site.write(0, 'a');
  site.write(1, 'x');
  site.download.goes_to(site.fd, 2 * piece, 2 * piece);
  CHECK(error_kind([&] { site.finish(); }) == ErrorKind::Corrupt);
  CHECK(site.running == 0);
  CHECK_FALSE(site.finish());  // it may be tried again
}

TEST_CASE("no more downloads are followed than there are threads for", "[pull]") {
  Site site;
  site.running = 1000;
  site.go();
  CHECK_FALSE(site.finish());
  CHECK(site.begun == 0);
}
