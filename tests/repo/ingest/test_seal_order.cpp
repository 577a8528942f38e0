// What could do harm is given to a file only when its checksum is known to be right.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <mutex>

#include "base/codec/deflate.hpp"
#include "base/os/os.hpp"
#include "base/os/os_observer.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/sample.hpp"
#include "support/error_kind.hpp"

using namespace xylem;
using namespace xylem::test;
using os::Operation;
using repo::Mode;

namespace {

/// Counts what changes owner, attributes, or modes beyond those of plain files.
class Dangers : public os::Observer {
 public:
  long call(const os::Call& call, const std::function<long()>& real) override {
    if (call.operation == Operation::SetOwner || call.operation == Operation::SetMode ||
        call.operation == Operation::SetAttribute) {
      const std::lock_guard lock(mutex_);
      ++seen_;
    }
    return real();
  }
  int seen() const { return seen_; }

 private:
  std::mutex mutex_;
  int seen_ = 0;
};

object::FileHeader setuid_header() {
  object::FileHeader header;
  header.mode = S_IFREG | 04755;
  header.xattrs.push_back({"user.test", {1, 2, 3}});
  return header;
}

Bytes make_filez(const object::FileHeader& header, const std::string& content) {
  Bytes filez = object::serialize_filez_header(header, content.size());
  MemorySource source(as_bytes(content));
  deflate_stream(source, 6,
                 [&](ByteView piece) { filez.insert(filez.end(), piece.begin(), piece.end()); });
  return filez;
}

/// From memory, or from a file as large bodies come.
void import(repo::Transaction& transaction, const Checksum& checksum, const Bytes& filez,
            bool from_file) {
  if (!from_file) {
    transaction.ingest().add_filez(checksum, filez);
    return;
  }
  const TempDir dir;
  os::write_all(os::open(dir.at("part"), O_WRONLY | O_CREAT, 0644), filez);
  transaction.ingest().add_filez(checksum, dir.at("part"));
}

}  // namespace

TEST_CASE("setuid bits, owners and attributes wait for the checksum") {
  const Mode mode = GENERATE(Mode::Bare, Mode::BareUser);
  if (!can_write(mode)) return;
  const bool from_file = GENERATE(false, true);
  // The second size is streamed to its place rather than inflated in memory.
  const std::size_t size = GENERATE(std::size_t{100}, std::size_t{5} << 20);
  CAPTURE(mode, from_file, size);
  const TempDir dir;
  repo::Repo target = repo::Repo::create(dir / "repo", mode);
  repo::Transaction transaction(target);
  const std::string content = noise(size);
  const Bytes filez = make_filez(setuid_header(), content);
  const Checksum right = repo::hash_content(setuid_header(), as_bytes(content));
  {
    Dangers dangers;
    const os::ObserverScope scope(dangers);
    CHECK(error_kind([&] { import(transaction, sha256(as_bytes("other")), filez, from_file); }) ==
          ErrorKind::Corrupt);
    CHECK(dangers.seen() == 0);
  }
  Dangers dangers;
  const os::ObserverScope scope(dangers);
  import(transaction, right, filez, from_file);
  CHECK(dangers.seen() > 0);
}

TEST_CASE("content beyond what a commit says is refused before it is inflated") {
  const Mode mode = GENERATE(Mode::Archive, Mode::BareUser);
  const TempDir dir;
  repo::Repo target = repo::Repo::create(dir / "repo", mode);
  repo::Transaction transaction(target);
  const std::string content = noise(1000);
  const Bytes filez = make_filez(setuid_header(), content);
  const Checksum checksum = repo::hash_content(setuid_header(), as_bytes(content));
  CHECK(error_kind([&] { transaction.ingest().add_filez(checksum, filez, 999); }) ==
        ErrorKind::Corrupt);
  os::write_all(os::open(dir.at("part"), O_WRONLY | O_CREAT, 0644), filez);
  CHECK(error_kind([&] { transaction.ingest().add_filez(checksum, dir.at("part"), 999); }) ==
        ErrorKind::Corrupt);
  CHECK(transaction.stats().content_written == 0);
  transaction.ingest().add_filez(checksum, dir.at("part"), 1000);
  CHECK(transaction.stats().content_written == 1);
}
