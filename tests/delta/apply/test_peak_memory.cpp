// A part of a file of 256 MiB is applied within the memory that a small one takes.

#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/codec/sha256.hpp"
#include "base/os/os.hpp"
#include "delta/delta_data.hpp"
#include "delta/format/bsdiff.hpp"
#include "delta/format/operations.hpp"
#include "object/commit.hpp"
#include "object/variant/framing.hpp"
#include "repo/transaction/transaction.hpp"
#include "support/process.hpp"

using namespace xylem;
using namespace xylem::delta;
using object::FileHeader;
using test::TempDir;

namespace {

constexpr std::uint64_t file_size = 256 << 20;
constexpr std::uint64_t bound_kib = 64 << 10;
const FileHeader old_header{.mode = S_IFREG | 0644};
const FileHeader new_header{.mode = S_IFREG | 0755};

/// The content of the old file, and of the new one, which has another mode.
class Pattern : public ByteSource {
 public:
  std::size_t read(MutableByteView buffer) override {
    const std::size_t count = std::min<std::uint64_t>(buffer.size(), file_size - position_);
    for (std::size_t i = 0; i < count; ++i, ++position_)
      buffer[i] = static_cast<std::uint8_t>(position_ * 7 + (position_ >> 12));
    return count;
  }

 private:
  std::uint64_t position_ = 0;
};

Checksum pattern_checksum(const FileHeader& header) {
  object::FileHash hash(header);
  Pattern pattern;
  Bytes buffer(1 << 20);
  while (const std::size_t count = pattern.read(buffer)) hash.update(ByteView(buffer).first(count));
  return hash.finish();
}

Bytes all_of(std::initializer_list<Operation> operations) {
  Bytes bytes;
  for (const Operation& operation : operations) append_operation(bytes, operation);
  return bytes;
}

/// Writes a payload with the old file's name, then a patch that changes nothing, in its blob.
void write_payload(const PathAt& path, const Checksum& old, const Bytes& operations,
                   bool with_patch) {
  Bytes front;
  for (const std::uint32_t value : {0U, 0U, new_header.mode})
    object::framing::append_be32(front, value);
  const std::uint64_t attributes_end = front.size();
  front.push_back(0);  // one empty list of extended attributes
  const std::uint64_t xattrs_end = front.size();
  object::framing::append(front, old.bytes());
  if (with_patch) append_bsdiff_record(front, {file_size, 0, 0});
  const UniqueFd file = os::open(path, O_RDWR | O_CREAT | O_EXCL, 0644);
  os::write_all(file, front);
  const std::uint64_t blob_end = front.size() + (with_patch ? file_size : 0);
  Bytes back = operations;
  const std::size_t width = with_patch ? 4 : 1;
  for (const std::uint64_t end : {blob_end, xattrs_end, attributes_end})
    for (std::size_t i = 0; i < width; ++i)
      back.push_back(static_cast<std::uint8_t>(end >> (8 * i)));
  os::write_all_at(file, back, blob_end);
}

/// A delta of this part alone, compressed with the dictionary that libostree has.
void write_delta(const TempDir& dir, const Checksum& made) {
  test::run_ok({"sh", "-euc",
                "cd " + dir.path() +
                    "; { printf x; xz -c --lzma2=preset=0,dict=32MiB payload; } > delta/0"});
  const Bytes part = test::read_file(dir / "delta/0");
  Superblock superblock;
  superblock.commit = object::serialize_commit({});
  superblock.to = sha256(superblock.commit);
  superblock.parts = {
      {0, sha256(part), part.size(), file_size, {{made, object::ObjectType::File}}}};
  test::write_file(dir / "delta/superblock", serialize_superblock(superblock));
}

}  // namespace

TEST_CASE("memory does not grow with the size of part, file and source") {
  const bool with_patch = GENERATE(true, false);
  INFO((with_patch ? "by a patch" : "by copying"));
  const TempDir dir;
  os::make_dir(dir.at("delta"), 0755);
  repo::Repo repo = repo::Repo::create(dir / "repo", repo::Mode::BareUser);
  Pattern content;
  repo::Transaction transaction(repo, {.fsync = repo::FsyncMode::Off});
  const Checksum old =
      transaction.ingest().write_content(std::nullopt, old_header, file_size, content).checksum;
  transaction.commit();

  const Checksum made = pattern_checksum(new_header);
  const std::uint64_t patch_size = bsdiff_record_size + file_size;
  const Operation change = with_patch ? Operation(ApplyPatch{{Checksum::size, patch_size}})
                                      : Operation(Write{{0, file_size}});
  write_payload(dir.at("payload"), old,
                all_of({SetReadSource{0}, OpenFile{0, 0, file_size}, change, CloseFile{}}),
                with_patch);
  write_delta(dir, made);

  const std::string peak = test::run_ok({APPLY_PARTS, dir / "repo", dir / "delta"});
  INFO(peak);
  CHECK(std::stoull(peak) < bound_kib);
  CHECK_NOTHROW(repo::verify_object(repo.store(), {made, object::ObjectType::File}));
}
