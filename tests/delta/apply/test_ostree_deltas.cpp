// Deltas that libostree makes, applied to repositories of every mode, and looked at by both.

#include <unistd.h>

#include <catch2/catch.hpp>

#include "delta/apply/delta_file.hpp"
#include "delta/apply_delta.hpp"
#include "delta/delta_data.hpp"
#include "support/error_kind.hpp"
#include "support/process.hpp"

using namespace xylem;
using test::TempDir;

namespace {

std::string shell(const TempDir& dir, const std::string& script) {
  return test::run_ok({"sh", "-euc", "cd " + dir.path() + "\n" + script});
}

/// `client` gets the first of two commits, unless the delta needs nothing.
void make_client(const TempDir& dir, const std::string& mode, bool with_first) {
  shell(dir, "ostree --repo=client init --mode=" + mode);
  if (with_first)
    shell(dir, "ostree --repo=client pull-local repo $(ostree --repo=repo rev-parse main^)");
}

void check_client(const TempDir& dir) {
  CHECK(shell(dir, "ostree --repo=client rev-parse main") ==
        shell(dir, "ostree --repo=repo rev-parse main"));
  CHECK_NOTHROW(shell(dir, "ostree --repo=client fsck -q"));
  CHECK_NOTHROW(shell(dir, "ostree --repo=client ls -R main >/dev/null"));
}

/// Where the only delta of `repo` is.
std::string only_delta(const TempDir& dir) {
  const auto paths = test::delta_files(dir / "repo", "superblock");
  REQUIRE(paths.size() == 1);
  return paths[0].substr(0, paths[0].rfind('/'));
}

}  // namespace

TEST_CASE("every kind of delta is applied to a repository of every mode") {
  const std::string mode = GENERATE("archive", "bare-user", "bare-user-only", "bare");
  const std::string options =
      GENERATE("", "--inline", "--disable-bsdiff", "--swap-endianness", "--empty",
               "--max-chunk-size=0", "--empty --inline --swap-endianness");
  if (mode == "bare" && ::getuid() != 0) return;  // keeps owners, which only root may set
  INFO(mode << " " << options);
  const TempDir dir;
  test::make_two_commits(dir, mode == "bare-user-only");
  shell(dir, "ostree --repo=repo static-delta generate --min-fallback-size=0 " + options +
                 " main 2>/dev/null");
  make_client(dir, mode, options.find("empty") == std::string::npos);
  const delta::PartOutcome outcome = test::apply_delta(dir / "client", only_delta(dir));
  CHECK(outcome.made > 5);
  check_client(dir);
  // Once more: everything is there.
  const delta::PartOutcome again = test::apply_delta(dir / "client", only_delta(dir));
  CHECK(again == delta::PartOutcome{0, outcome.made + outcome.present});
}

TEST_CASE("recorded deltas of 2026.4 are applied") {
  const std::string file = GENERATE("offline.delta", "offline-signed.delta");
  INFO(file);
  const TempDir dir;
  shell(dir, "tar -xJf " TEST_DATA_DIR
             "/ostree-2026.4/repo.tar.xz\n"
             "ostree --repo=repo refs --create=main os/test");
  make_client(dir, "bare-user", true);
  test::apply_delta(dir / "client", TEST_DATA_DIR "/ostree-2026.4/" + file);
  check_client(dir);
}

TEST_CASE("the deltas of before 2016 are applied") {
  const auto* order = GENERATE("little", "big");
  const TempDir dir;
  test::unpack_old_repo(order, dir);
  const std::string repo = dir / "pre-endian-deltas-repo";
  for (const std::string& path : test::delta_files(repo, "superblock")) {
    const std::string delta = path.substr(0, path.rfind('/'));
    const delta::DeltaFile file({FileDescriptor::cwd(), delta});
    const std::string to = file.superblock().to.hex();
    shell(dir, "rm -rf client; ostree --repo=client init --mode=archive");
    shell(dir, "ostree --repo=client pull-local " + repo + " " + file.superblock().from->hex());
    // What is too large for a part is fetched otherwise.
    for (const delta::Fallback& fallback : file.superblock().fallbacks) {
      const std::string prefix = fallback.object.checksum.hex().substr(0, 2);
      shell(dir, "mkdir -p client/objects/" + prefix + "; cp " + repo + "/objects/" + prefix + "/" +
                     fallback.object.checksum.hex().substr(2) + ".filez client/objects/" + prefix);
    }
    CHECK(test::apply_delta(dir / "client", delta).made > 0);
    CHECK_NOTHROW(shell(dir, "ostree --repo=client fsck -q"));
    CHECK(shell(dir, "ostree --repo=client rev-parse main") == to);
  }
}

TEST_CASE("a delta that is not there, or lacks a part, is an error") {
  const TempDir dir;
  CHECK(error_kind([&] {
          delta::DeltaFile({FileDescriptor::cwd(), dir / "no"});
        }) == ErrorKind::NotFound);
  CHECK(error_kind([&] {
          delta::DeltaFile({FileDescriptor::cwd(), dir.path()});
        }) == ErrorKind::NotFound);
  test::make_two_commits(dir, false);
  shell(dir, "ostree --repo=repo static-delta generate main 2>/dev/null");
  const std::string delta = only_delta(dir);
  shell(dir, "rm " + delta + "/0");
  const delta::DeltaFile file({FileDescriptor::cwd(), delta + "/superblock"});
  CHECK(error_kind([&] { file.open_part(0); }) == ErrorKind::NotFound);
  shell(dir, "mkdir " + delta + "/0");
  CHECK(error_kind([&] { file.open_part(0); }) == ErrorKind::Io);
}
