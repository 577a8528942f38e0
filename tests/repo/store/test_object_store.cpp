#include <catch2/catch.hpp>
#include <numeric>

#include "repo/partial.hpp"
#include "repo/sample.hpp"
#include "repo/upkeep/prune.hpp"
#include "support/error_kind.hpp"
#include "xylem/store.hpp"

namespace xylem::repo {

namespace {

using test::NewRepo;

constexpr std::size_t content_size = 300'000;

Bytes content() {
  Bytes bytes(content_size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

std::string add(ObjectStore& store, ByteView bytes, const IngestCommit& how = {}) {
  ObjectIngest ingest = store.ingest("one");
  ingest.write(bytes);
  return ingest.commit(how);
}

std::string checksum_of(const std::string& object) {
  return object.substr(0, object.find('.'));
}

}  // namespace

TEST_CASE("an ingest goes on where it was left", "[store]") {
  const NewRepo made;
  ObjectStore store = ObjectStore::open(made.target.path());
  const Bytes bytes = content();
  {
    ObjectIngest ingest = store.ingest("one", {.total = content_size});
    ingest.write(ByteView(bytes).first(1000));
  }
  const auto left = store.ingests();
  REQUIRE(left.size() == 1);
  CHECK(left[0].name == "one");
  CHECK(left[0].bytes == 1000);
  CHECK(left[0].total == content_size);
  CHECK_FALSE(left[0].active);

  ObjectIngest ingest = store.ingest("one");
  CHECK(store.ingests().at(0).active);
  CHECK(ingest.size() == 1000);
  ingest.truncate(500);
  CHECK(error_kind([&] { ingest.truncate(501); }) == ErrorKind::InvalidArgument);
  ingest.write(ByteView(bytes).subspan(500));
  const std::string object = ingest.commit({.size = content_size});
  CHECK(store.ingests().empty());
  CHECK(store.info(object).bytes == content_size);

  // The same bytes at once have the same name.
  CHECK(add(store, bytes) == object);
}

TEST_CASE("a name has one writer", "[store]") {
  const NewRepo made;
  ObjectStore store = ObjectStore::open(made.target.path());
  ObjectStore other = ObjectStore::open(made.target.path());
  {
    ObjectIngest first = store.ingest("one");
    CHECK(error_kind([&] { other.ingest("one"); }) == ErrorKind::Locked);
    CHECK(error_kind([&] { other.abort_ingest("one"); }) == ErrorKind::Locked);
    CHECK(error_kind([&] { other.ingest("two"); }) == std::nullopt);
  }
  CHECK(error_kind([&] { other.ingest("one", {.mode = 0100600}); }) == ErrorKind::Conflict);
  other.abort_ingest("one");
  CHECK(error_kind([&] { other.abort_ingest("one"); }) == ErrorKind::NotFound);
  CHECK(error_kind([&] { other.ingest("one", {.mode = 0100600}); }) == std::nullopt);
  for (const std::string name : {"", ".x", "a/b", "a b"})
    CHECK(error_kind([&] { store.ingest(name); }) == ErrorKind::InvalidArgument);
}

TEST_CASE("what is wrong is kept or dropped as asked", "[store]") {
  const NewRepo made;
  ObjectStore store = ObjectStore::open(made.target.path());
  const std::string zeros(64, '0');
  const Bytes bytes = content();
  for (const IngestCommit& wrong : {IngestCommit{.size = 1}, IngestCommit{.expected = zeros}}) {
    IngestCommit how = wrong;
    CHECK(error_kind([&] { add(store, bytes, how); }) == ErrorKind::Corrupt);
    CHECK(store.ingests().empty());
    how.keep_if_wrong = true;
    CHECK(error_kind([&] { add(store, bytes, how); }) == ErrorKind::Corrupt);
    CHECK(store.ingests().size() == 1);
    store.abort_ingest("one");
  }
  store.walk({}, [](const ObjectInfo&) -> bool { throw std::runtime_error("nothing is there"); });
  CHECK(error_kind([&] { store.ingest("one", {.kind = "commitmeta"}); }) ==
        ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { store.ingest("one", {.mode = 0040755}); }) == ErrorKind::InvalidArgument);
  CHECK(error_kind([&] { store.ingest("one", {.symlink_target = "x"}); }) ==
        ErrorKind::InvalidArgument);
}

TEST_CASE("content is read at any offset in any order", "[store]") {
  for (const Mode mode : {Mode::Archive, Mode::BareUser, Mode::BareUserOnly}) {
    const NewRepo made(mode);
    ObjectStore store = ObjectStore::open(made.target.path());
    const Bytes bytes = content();
    const std::string object = add(store, bytes);
    ObjectReader reader = store.read(object);
    CHECK(reader.size() == content_size);
    // Deleted meanwhile.
    CHECK(store.remove({object}).objects == 1);
    Bytes buffer(1000);
    for (const std::uint64_t offset : {200'000U, 5U, 299'999U, 0U}) {
      const std::size_t count = reader.read_at(buffer, offset);
      REQUIRE(count > 0);
      CHECK(std::equal(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count),
                       bytes.begin() + static_cast<std::ptrdiff_t>(offset)));
      CHECK(reader.read(buffer) == (offset == 299'999U ? 0 : buffer.size()));
    }
    CHECK(reader.read_at(buffer, content_size) == 0);
    CHECK(reader.read_at(buffer, content_size + 1) == 0);
  }
}

TEST_CASE("an object is in its lease before it appears", "[store]") {
  NewRepo made;
  ObjectStore store = ObjectStore::open(made.target.path());
  store.lease({.name = "keeper"});
  const std::string kept = add(store, content(), {.lease = "keeper"});
  const std::string lone = add(store, as_bytes("lone"));
  CHECK(error_kind([&] { add(store, as_bytes("no lease"), {.lease = "nosuch"}); }) ==
        ErrorKind::NotFound);
  CHECK(prune(made.target, {}).objects_pruned == 1);
  CHECK(store.info(kept).bytes == content_size);
  CHECK(error_kind([&] { store.info(lone); }) == ErrorKind::NotFound);
  CHECK(store.leases().at(0).objects == std::vector{kept});
  store.release("keeper");
  CHECK(prune(made.target, {}).objects_pruned == 1);
}

TEST_CASE("a commit that is added without its tree is partial", "[store]") {
  NewRepo made;
  const Repo source = test::sample_for(Mode::BareUser).open();
  const Checksum commit = test::sample_commit();
  const Bytes bytes = source.load_metadata({commit, object::ObjectType::Commit});
  ObjectStore store = ObjectStore::open(made.target.path());
  ObjectIngest ingest = store.ingest("one", {.kind = "commit"});
  ingest.write(bytes);
  CHECK(checksum_of(ingest.commit()) == commit.hex());
  CHECK(commit_state(made.target, commit) == CommitState::Partial);
}

TEST_CASE("bytes that would use up the reserve are refused", "[store]") {
  NewRepo made;
  made.target.edit_config(
      [](repo::KeyFile& config) { config.set("core", "min-free-space-size", "9000TB"); });
  ObjectStore store = ObjectStore::open(made.target.path());
  ObjectIngest ingest = store.ingest("one");
  CHECK(error_kind([&] { ingest.write(content()); }) == ErrorKind::NoSpace);
  CHECK(ingest.size() == 0);
}

TEST_CASE("a damaged record costs the bytes and nothing else", "[store]") {
  const NewRepo made;
  ObjectStore store = ObjectStore::open(made.target.path());
  store.ingest("one").write(as_bytes("abc"));
  test::write_file(made.target.path() + "/tmp/ingest-one/record", "nonsense");
  CHECK(store.ingests().empty());
  CHECK(store.ingest("one").size() == 0);
}

}  // namespace xylem::repo
