#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <future>

#include "base/codec/deflate.hpp"
#include "base/os/os.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/inflate_source.hpp"
#include "repo/sample.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::test;
using object::ObjectName;
using object::ObjectType;
using repo::Mode;
using repo::Repo;
using repo::Transaction;

namespace {

object::FileHeader plain_header() {
  object::FileHeader header;
  header.mode = S_IFREG | 0644;
  return header;
}

Bytes deflated(std::string_view content) {
  Bytes bytes;
  MemorySource source(as_bytes(content));
  deflate_stream(source, 6,
                 [&](ByteView piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
  return bytes;
}

Bytes make_filez(const object::FileHeader& header, std::uint64_t declared, ByteView body) {
  Bytes filez = object::serialize_filez_header(header, declared);
  filez.insert(filez.end(), body.begin(), body.end());
  return filez;
}

Bytes flipped(Bytes bytes, std::size_t position) {
  bytes.at(position) ^= 0x10;
  return bytes;
}

Bytes extended(Bytes bytes) {
  bytes.push_back(0);
  return bytes;
}

/// An archive object and its name. Every byte of the body matters if the content has no runs: then
/// no two ways lead to the same content.
struct Filez {
  explicit Filez(const std::string& text)
      : content(text),
        body(deflated(text)),
        bytes(make_filez(plain_header(), text.size(), body)),
        checksum(repo::hash_content(plain_header(), as_bytes(text))) {}
  std::string content;
  Bytes body;
  Bytes bytes;
  Checksum checksum;
};

struct Damage {
  std::string what;
  Bytes bytes;
};

std::vector<Damage> damaged(const Filez& good) {
  const object::FileHeader header = plain_header();
  const std::size_t size = good.content.size();
  const std::size_t header_size = good.bytes.size() - good.body.size();
  object::FileHeader symlink;
  symlink.mode = S_IFLNK | 0777;
  symlink.symlink_target = "target";
  return {
      {"empty", {}},
      {"flipped byte in the header", flipped(good.bytes, header_size - 8)},
      {"flipped byte in the length", flipped(good.bytes, 2)},
      {"flipped byte in the body", flipped(good.bytes, header_size + good.body.size() / 2)},
      {"cut in the header", Bytes(good.bytes.begin(), good.bytes.begin() + 6)},
      {"cut after the header", Bytes(good.bytes.begin(), good.bytes.end() - good.body.size())},
      {"cut at the end", Bytes(good.bytes.begin(), good.bytes.end() - 1)},
      {"a byte behind the end", extended(good.bytes)},
      {"too small a size", make_filez(header, size - 1, good.body)},
      {"too large a size", make_filez(header, size + 1, good.body)},
      {"a size of zero", make_filez(header, 0, good.body)},
      {"a huge size", make_filez(header, ~std::uint64_t{0}, good.body)},
      {"a large size", make_filez(header, std::uint64_t{1} << 40, good.body)},
      {"other content", Filez("something else").bytes},
      {"a symlink with a body", make_filez(symlink, 0, good.body)},
  };
}

const std::vector<std::string>& contents() {
  static const std::vector<std::string> texts = {
      "hello, hello, hello\n",
      noise(5'000'000),  // more than is inflated in memory
  };
  return texts;
}

/// Imports a file that is written meanwhile, in pieces.
void import_growing(Transaction& transaction, const Checksum& checksum, const PathAt& path,
                    const Bytes& bytes) {
  constexpr std::size_t piece = 300'000;
  const UniqueFd fd = os::open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  GrowingFile file(os::duplicate(fd), bytes.size());
  auto import =
      std::async(std::launch::async, [&] { transaction.ingest().add_filez(checksum, file); });
  for (std::size_t size = 0; size < bytes.size(); size += piece) {
    const std::size_t end = std::min(size + piece, bytes.size());
    os::write_all_at(fd, ByteView(bytes).subspan(size, end - size), size);
    file.grew(end);
  }
  file.complete(path);
  import.get();
}

}  // namespace

TEST_CASE("damaged archive objects are refused, from memory and from a file") {
  for (const Mode mode : {Mode::Archive, Mode::BareUser}) {
    for (const std::string& text : contents()) {
      const Filez good(text);
      const TempDir dir;
      Repo target = Repo::create(dir / "repo", mode);
      Transaction transaction(target);
      for (const Damage& damage : damaged(good)) {
        INFO(repo::config_name(mode) << ", " << text.size() << " bytes, " << damage.what);
        CHECK(error_kind([&] { transaction.ingest().add_filez(good.checksum, damage.bytes); }) ==
              ErrorKind::Corrupt);
        write_file(dir / "part", damage.bytes);
        CHECK(error_kind([&] { transaction.ingest().add_filez(good.checksum, dir.at("part")); }) ==
              ErrorKind::Corrupt);
        CHECK(os::exists(dir.at("part")));
        CHECK(error_kind([&] {
                import_growing(transaction, good.checksum, dir.at("part"), damage.bytes);
              }) == ErrorKind::Corrupt);
        CHECK(os::exists(dir.at("part")));
        CHECK_FALSE(transaction.has({good.checksum, ObjectType::File}));
      }
      transaction.ingest().add_filez(good.checksum, good.bytes);
      transaction.commit();
      CHECK(objects_of(target) == std::set<ObjectName>{{good.checksum, ObjectType::File}});
      CHECK(ostree_accepts(dir / "repo"));
    }
  }
}

TEST_CASE_METHOD(NewRepo, "the error about a damaged object names the object") {
  Transaction transaction(target);
  const Filez good("text");
  try {
    transaction.ingest().add_filez(good.checksum, extended(good.bytes));
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.details().object == good.checksum.hex() + ".file");
    CHECK(std::string(error.what()).find(good.checksum.hex()) != std::string::npos);
  }
}

TEST_CASE("a large archive object comes from a file, in each mode") {
  const Filez good(contents().back());
  const bool grows = GENERATE(false, true);
  for (const Mode mode : writable_modes) {
    if (!can_write(mode)) continue;
    INFO(repo::config_name(mode) << (grows ? ", while the file grows" : ""));
    const TempDir dir;
    Repo target = Repo::create(dir / "repo", mode);
    Transaction transaction(target);
    write_file(dir / "part", good.bytes, 0600);
    if (grows)
      import_growing(transaction, good.checksum, dir.at("part"), good.bytes);
    else
      transaction.ingest().add_filez(good.checksum, dir.at("part"));
    CHECK(os::exists(dir.at("part")) == (mode != Mode::Archive));
    transaction.commit();
    CHECK_NOTHROW(verify_object(target.store(), {good.checksum, ObjectType::File}));
    const auto info = os::try_stat(target.store().path({good.checksum, ObjectType::File})).value();
    CHECK((info.st_mode & 0777) == 0644);
    CHECK((mode == Mode::Archive) == (info.st_mtime != 0));
  }
}

TEST_CASE("an archive keeps the very bytes that came") {
  const TempDir dir;
  Repo target = Repo::create(dir / "repo", Mode::Archive);
  const Repo source = sample_for(Mode::Archive).open();
  {
    Transaction transaction(target);
    fill(transaction, source);
    transaction.commit();
  }
  for (const ObjectName& name : objects_of(source))
    CHECK(stored_bytes(target.store(), name) == stored_bytes(source.store(), name));
}

TEST_CASE("unchecked storing is for archives only") {
  const TempDir dir;
  const Filez good("text");
  Repo archive = Repo::create(dir / "archive", Mode::Archive);
  {
    Transaction transaction(archive);
    transaction.ingest().add_unchecked_filez(good.checksum, good.bytes);
    transaction.commit();
  }
  CHECK_NOTHROW(verify_object(archive.store(), {good.checksum, ObjectType::File}));
  Repo bare = Repo::create(dir / "bare-user", Mode::BareUser);
  Transaction transaction(bare);
  CHECK(error_kind([&] { transaction.ingest().add_unchecked_filez(good.checksum, good.bytes); }) ==
        ErrorKind::Unsupported);
}

TEST_CASE("a size is plausible if deflate could give it") {
  CHECK(repo::is_plausible_size(0, 0));
  CHECK(repo::is_plausible_size(0, 2));
  CHECK(repo::is_plausible_size(1000, 5));
  CHECK(repo::is_plausible_size(1032 * 100, 100));
  CHECK_FALSE(repo::is_plausible_size(1033 * 101, 100));
  CHECK_FALSE(repo::is_plausible_size(~std::uint64_t{0}, 1'000'000));
}

TEST_CASE("inflating a stream gives the content in whatever pieces are asked for") {
  const std::string text = contents().back();
  const Bytes body = deflated(text);
  for (const std::size_t piece : {1024U, 4096U, 1U << 20}) {
    MemorySource compressed(body);
    repo::InflateSource source(compressed, text.size());
    Bytes buffer(piece);
    std::string result;
    while (const std::size_t count = source.read(buffer))
      result.append(as_text(ByteView(buffer).first(count)));
    CHECK(result == text);
    CHECK(source.read(buffer) == 0);
  }
}
