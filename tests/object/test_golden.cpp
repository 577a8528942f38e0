// Objects that libostree wrote: read, write again, and the bytes must be the same.

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "object/commit.hpp"
#include "object/file_header.hpp"
#include "object/stored_objects.hpp"
#include "object/summary.hpp"
#include "object/verify.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

using namespace xylem;
using namespace xylem::object;

namespace {

void check_objects(const std::vector<StoredObject>& objects) {
  for (const StoredObject& object : objects) {
    INFO(object.name.text());
    const ByteView header = header_of(object);
    CHECK(rewritten(object) == Bytes(header.begin(), header.end()));
    CHECK(recomputed(object) == object.name.checksum);
    if (is_metadata(object.name.type)) CHECK_NOTHROW(verify_metadata(object.name, object.bytes));
  }
}

/// Runs `ostree` on the repository in `dir`.
std::string ostree(const test::TempDir& dir, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ostree", "--repo=" + dir / "repo"});
  return test::run_ok(arguments);
}

std::string shell(const test::TempDir& dir, const std::string& script) {
  return test::run_ok({"sh", "-euc", "cd " + dir.path() + "\n" + script});
}

void make_tree(const test::TempDir& dir) {
  shell(dir, R"(
    mkdir -p tree/usr/bin tree/empty tree/ü
    printf 'hello\n' > tree/usr/hello
    : > tree/usr/empty
    printf '#!/bin/sh\n' > tree/usr/bin/su
    chmod 4755 tree/usr/bin/su
    chmod 1777 tree/empty
    ln -s ../nowhere tree/usr/link
    ln -s 'zi€l' tree/ü/ß
    head -c 300000 /dev/zero > tree/ü/日本
    setfattr -n user.zz -v last tree/usr/hello
    setfattr -n user.aa -v first tree/usr/hello
    setfattr -n user.note -v kept tree/empty)");
}

}  // namespace

TEST_CASE("golden objects of 2022.7 survive reading and writing") {
  REQUIRE(golden_objects().size() == 30);
  check_objects(golden_objects());
  CHECK(serialize_summary(parse_summary(golden_summary())) == golden_summary());
}

TEST_CASE("a repository of 2026.4 survives reading and writing") {
  const test::TempDir dir;
  test::run_ok({"tar", "-xJf", TEST_DATA_DIR "/ostree-2026.4/repo.tar.xz", "-C", dir.path()});
  const auto objects = read_objects(dir / "repo/objects");
  REQUIRE(objects.size() == 27);
  check_objects(objects);

  const Bytes summary = test::read_file(dir / "repo/summary");
  CHECK(serialize_summary(parse_summary(summary)) == summary);
  const Bytes signature = test::read_file(dir / "repo/summary.sig");
  CHECK(parse_dict_object(signature, "summary signature").find("ostree.sign.ed25519", "aay"));
}

TEST_CASE("what the installed ostree writes survives reading and writing") {
  const test::TempDir dir;
  make_tree(dir);
  ostree(dir, {"init", "--mode=archive", "--collection-id=org.example.Os"});
  ostree(dir, {"config", "set", "core.tombstone-commits", "true"});
  const std::string tree = "--tree=dir=" + dir / "tree";
  const std::string first = ostree(
      dir, {"commit", "-b", "os/test", "-s", "one", "-m", "body", "--generate-sizes",
            "--add-metadata-string=version=1.0", "--add-detached-metadata-string=a=b", tree});
  const std::string second = ostree(dir, {"commit", "-b", "os/test", "-s", "two", tree});
  ostree(dir, {"summary", "-u"});
  check_objects(read_objects(dir / "repo/objects"));

  const Summary summary = parse_summary(test::read_file(dir / "repo/summary"));
  CHECK(serialize_summary(summary) == test::read_file(dir / "repo/summary"));
  REQUIRE(summary.find("os/test") != nullptr);
  CHECK(summary.find("os/test")->commit.hex() == second);

  ostree(dir, {"prune", "--delete-commit=" + first});
  const auto left = read_objects(dir / "repo/objects");
  check_objects(left);
  CHECK(std::any_of(left.begin(), left.end(), [](const StoredObject& object) {
    return object.name.type == ObjectType::TombstoneCommit;
  }));
}

TEST_CASE("what we write, ostree reads") {
  const test::TempDir dir;
  ostree(dir, {"init", "--mode=archive"});
  make_tree(dir);
  const std::string id = ostree(dir, {"commit", "-b", "first", "--tree=dir=" + dir / "tree"});
  const std::string path = dir / "repo/objects/" + id.substr(0, 2) + "/" + id.substr(2) + ".commit";

  Commit commit = parse_commit(test::read_file(path));
  commit.subject = "written by another";
  commit.parent = Checksum::parse(id);
  commit.metadata = DictBuilder(commit.metadata).set("version", "2.0").build();
  const Bytes bytes = serialize_commit(commit);
  const std::string name = sha256(bytes).hex();
  shell(dir, "mkdir -p repo/objects/" + name.substr(0, 2));
  test::write_file(dir / "repo/objects/" + name.substr(0, 2) + "/" + name.substr(2) + ".commit",
                   bytes);
  ostree(dir, {"refs", "--create=ours", name});

  const std::string shown = ostree(dir, {"show", "ours"});
  CHECK(shown.find("written by another") != std::string::npos);
  CHECK(shown.find("Version: 2.0") != std::string::npos);
  CHECK(shown.find(commit.content_checksum().hex()) != std::string::npos);
  CHECK(ostree(dir, {"rev-parse", "ours^"}) == id);
  CHECK_NOTHROW(ostree(dir, {"fsck", "-q"}));
}

TEST_CASE("bare-user metadata survives reading and writing") {
  const test::TempDir dir;
  make_tree(dir);
  ostree(dir, {"init", "--mode=bare-user"});
  ostree(dir, {"commit", "-b", "first", "--tree=dir=" + dir / "tree"});
  const std::string hex =
      shell(dir,
            "for f in repo/objects/*/*.file; do getfattr -e hex -n user.ostreemeta --only-values $f"
            " | od -An -v -tx1 | tr -d ' \\n'; echo; done");
  std::size_t with_xattrs = 0;
  for (std::size_t start = 0; start < hex.size();) {
    const std::string line = hex.substr(start, hex.find('\n', start) - start);
    start += line.size() + 1;
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2)
      bytes.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
    const FileHeader header = parse_bare_user_metadata(bytes);
    CHECK(serialize_bare_user_metadata(header) == bytes);
    with_xattrs += header.xattrs.size();
  }
  CHECK(with_xattrs == 2);
}
