// Deltas that libostree made: read, written again, and the bytes must be the same.

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "delta/delta_data.hpp"
#include "delta/format/bsdiff.hpp"
#include "delta/format/envelope.hpp"
#include "delta/format/index.hpp"
#include "delta/format/operations.hpp"
#include "object/commit.hpp"
#include "object/summary.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::delta;
using test::TempDir;

namespace {

using Counts = std::map<std::size_t, std::size_t>;

/// How many operations there are of each kind, by its place in the variant.
template <typename Kind>
std::size_t count_of(const Counts& counts) {
  const auto found = counts.find(Operation(Kind{}).index());
  return found == counts.end() ? 0 : found->second;
}

/// Runs over a part as an executor would, and writes all of it again.
Counts check_part(ByteView part, const PartHeader& header) {
  CHECK(sha256(part) == header.checksum);
  CHECK(part.size() == header.size);
  const Bytes bytes = test::payload_of(part);
  const RandomMemory memory(bytes);
  const Payload payload(memory);
  OperationReader reader(memory, payload.layout().operations);
  PayloadContent content;
  Counts counts;
  std::size_t next = 0;
  const auto next_type = [&]() -> std::optional<object::ObjectType> {
    if (next == header.objects.size()) return std::nullopt;
    return header.objects[next].type;
  };
  while (const auto operation = reader.next(next_type())) {
    ++counts[operation->index()];
    append_operation(content.operations, *operation);
    if (std::holds_alternative<SpliceMetadata>(*operation) ||
        std::holds_alternative<SpliceFile>(*operation) ||
        std::holds_alternative<CloseFile>(*operation))
      ++next;
  }
  CHECK(next == header.objects.size());
  for (std::uint64_t i = 0; i < payload.attributes_count(); ++i)
    content.attributes.push_back(payload.file_header(i, 0));
  for (std::uint64_t i = 0; i < payload.xattrs_count(); ++i)
    content.xattrs.push_back(payload.file_header(0, i).xattrs);
  content.blob = payload.read_blob({0, payload.layout().blob.size}, UINT64_MAX);
  CHECK(serialize_payload(content) == bytes);
  return counts;
}

Superblock check_superblock(ByteView bytes) {
  Superblock superblock = parse_superblock(bytes);
  CHECK(serialize_superblock(superblock) == Bytes(bytes.begin(), bytes.end()));
  return superblock;
}

/// A delta in a repository, and its parts beside it or inline.
Superblock check_delta(const std::string& path, const Bytes& bytes) {
  INFO(path);
  Superblock superblock = check_superblock(bytes);
  const auto inlined = inline_parts(superblock);
  const std::string dir = path.substr(0, path.rfind('/') + 1);
  for (std::size_t i = 0; i < superblock.parts.size(); ++i) {
    const auto found = inlined.find(i);
    const Bytes part = found == inlined.end() ? test::read_file(dir + std::to_string(i))
                                              : Bytes(found->second.begin(), found->second.end());
    check_part(part, superblock.parts[i]);
  }
  return superblock;
}

std::string ostree(const TempDir& dir, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ostree", "--repo=" + dir / "repo"});
  return test::run_ok(arguments);
}

std::string shell(const TempDir& dir, const std::string& script) {
  return test::run_ok({"sh", "-euc", "cd " + dir.path() + "\n" + script});
}

}  // namespace

TEST_CASE("the recorded offline delta of 2026.4 is what it is known to be") {
  const Bytes bytes = test::recorded("offline.delta");
  const Superblock superblock = check_superblock(bytes);
  CHECK(superblock.order == ByteOrder::Little);
  CHECK_FALSE(superblock.order_is_guessed);
  CHECK(superblock.timestamp == 1795244247);
  CHECK(superblock.fallbacks.empty());
  CHECK(superblock.metadata.keys().size() == 3);
  REQUIRE(detached_metadata(superblock));
  CHECK(detached_metadata(superblock)->find("ostree.sign.ed25519", "aay"));
  REQUIRE(superblock.parts.size() == 1);
  CHECK(superblock.parts[0].size == 303753);
  CHECK(superblock.parts[0].content_size == 551566);
  CHECK(superblock.parts[0].objects.size() == 8);

  const ByteView part = inline_parts(superblock).at(0);
  const Counts counts = check_part(part, superblock.parts[0]);
  CHECK(test::payload_of(part).size() == 481003);
  CHECK(count_of<SpliceFile>(counts) + count_of<SpliceMetadata>(counts) == 7);
  CHECK(count_of<OpenFile>(counts) == 1);
  CHECK(count_of<Write>(counts) == 32);
  CHECK(count_of<SetReadSource>(counts) == 5);
  CHECK(count_of<UnsetReadSource>(counts) == 5);
  CHECK(count_of<CloseFile>(counts) == 1);
  CHECK(count_of<ApplyPatch>(counts) == 0);
}

TEST_CASE("the recorded signed delta of 2026.4 is what it is known to be") {
  const Bytes bytes = test::recorded("offline-signed.delta");
  const auto envelope = parse_envelope(bytes);
  REQUIRE(envelope);
  CHECK(envelope->superblock.size() == 4780);
  CHECK(envelope->signatures.find("ostree.sign.ed25519", "aay"));
  CHECK(serialize_envelope(envelope->superblock, envelope->signatures) == bytes);
  const Superblock superblock = check_superblock(envelope->superblock);
  const Counts counts = check_part(inline_parts(superblock).at(0), superblock.parts.at(0));
  CHECK(count_of<ApplyPatch>(counts) == 1);
  CHECK(count_of<OpenFile>(counts) == 2);
}

TEST_CASE("the deltas in a repository of 2026.4 survive reading and writing") {
  const TempDir dir;
  test::run_ok({"tar", "-xJf", TEST_DATA_DIR "/ostree-2026.4/repo.tar.xz", "-C", dir.path()});
  const auto paths = test::delta_files(dir / "repo", "superblock");
  REQUIRE(paths.size() == 2);
  std::size_t scratch = 0;
  std::vector<DeltaEntry> found;
  for (const std::string& path : paths) {
    const Bytes bytes = test::read_file(path);
    const Superblock superblock = check_delta(path, bytes);
    scratch += superblock.from ? 0 : 1;
    CHECK(path == dir / "repo/" + superblock.name().superblock());
    found.push_back({superblock.name(), sha256(bytes)});
    const Bytes index = test::read_file(dir / "repo/" + delta_index_file(superblock.to));
    CHECK(parse_delta_index(index) == std::vector<DeltaEntry>{found.back()});
    CHECK(serialize_delta_index({found.back()}) == index);
  }
  CHECK(scratch == 1);
  auto listed =
      listed_deltas(object::parse_summary(test::read_file(dir / "repo/summary")).metadata);
  CHECK(std::ranges::is_permutation(listed, found));
}

TEST_CASE("deltas of before 2016, which do not tell their byte order, are read right") {
  const auto* order = GENERATE("little", "big");
  const TempDir dir;
  test::unpack_old_repo(order, dir);
  const std::string repo = dir / "pre-endian-deltas-repo";
  std::size_t count = 0;
  for (const std::string& path : test::delta_files(repo, "superblock")) {
    const Bytes bytes = test::read_file(path);
    // Compares the sizes with those of the parts.
    const Superblock superblock = check_delta(path, bytes);
    CHECK(superblock.order_is_guessed);
    if (superblock.fallbacks.empty()) continue;
    CHECK((superblock.order == ByteOrder::Big) == (order == std::string("big")));
    CHECK(superblock.parts.at(0).size == 593);
    CHECK(superblock.parts.at(0).content_size == 482);
    CHECK(superblock.fallbacks.at(0).stored_size == 21343);
    CHECK(superblock.fallbacks.at(0).content_size == 21851648);
    ++count;
  }
  CHECK(count == 1);
}

TEST_CASE("every kind of delta that the installed ostree makes is read and written again") {
  const std::string options =
      GENERATE("", "--inline", "--disable-bsdiff", "--max-bsdiff-size=0", "--swap-endianness",
               "--empty", "--empty --inline", "--max-chunk-size=0", "--min-fallback-size=0",
               "--inline --swap-endianness --max-chunk-size=0");
  INFO(options);
  const TempDir dir;
  test::make_two_commits(dir, false);
  shell(dir, "ostree --repo=repo static-delta generate " + options + " main 2>/dev/null");
  const auto paths = test::delta_files(dir / "repo", "superblock");
  REQUIRE(paths.size() == 1);
  const Bytes bytes = test::read_file(paths[0]);
  const Superblock superblock = check_delta(paths[0], bytes);
  const bool is_swapped = options.find("swap") != std::string::npos;
  const bool is_empty = options.find("empty") != std::string::npos;
  CHECK(superblock.order == (is_swapped ? ByteOrder::Big : ByteOrder::Little));
  CHECK_FALSE(superblock.order_is_guessed);
  CHECK(superblock.from.has_value() != is_empty);
  CHECK(superblock.to.hex() == ostree(dir, {"rev-parse", "main"}));
  CHECK(inline_parts(superblock).empty() == (options.find("inline") == std::string::npos));
}

TEST_CASE("a signed delta of the installed ostree is read and written again") {
  const TempDir dir;
  test::make_two_commits(dir, false);
  shell(dir,
        "OSTREE_DUMMY_SIGN_ENABLED=1 ostree --repo=repo static-delta generate --sign-type=dummy "
        "--sign=secret --inline main 2>/dev/null");
  const Bytes bytes = test::read_file(test::delta_files(dir / "repo", "superblock").at(0));
  const auto envelope = parse_envelope(bytes);
  REQUIRE(envelope);
  CHECK(envelope->signatures.find("ostree.sign.dummy", "aay"));
  CHECK(serialize_envelope(envelope->superblock, envelope->signatures) == bytes);
  const Superblock superblock = check_superblock(envelope->superblock);
  check_part(inline_parts(superblock).at(0), superblock.parts.at(0));
}

TEST_CASE("a delta between equal trees has a part that makes nothing") {
  const TempDir dir;
  shell(dir, R"(
    mkdir tree
    echo a > tree/a
    ostree --repo=repo init --mode=archive
    ostree --repo=repo commit -b main -s one --tree=dir=tree
    ostree --repo=repo commit -b main -s two --tree=dir=tree
    ostree --repo=repo static-delta generate main 2>/dev/null)");
  const auto paths = test::delta_files(dir / "repo", "superblock");
  const Bytes bytes = test::read_file(paths.at(0));
  const Superblock superblock = check_delta(paths.at(0), bytes);
  REQUIRE(superblock.parts.size() == 1);
  CHECK(superblock.parts[0].objects.empty());
}
