#include "repo/ingest/ingest.hpp"

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "base/saturating.hpp"
#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

using object::FileHeader;
using object::ObjectName;
using object::ObjectType;

namespace {

/// Streams of at most so many bytes are read into memory.
constexpr std::uint64_t max_small = 1U << 20;

}  // namespace

Ingest::Ingest(const Repo& repo, const IngestOptions& options, CancelToken cancel)
    : area_(repo),
      published_(repo.store()),
      budget_(repo.dir(), repo.config().min_free_space),
      options_(options),
      cancel_(std::move(cancel)),
      format_(make_content_format(repo.mode(), repo.config().zlib_level)),
      writeback_(area_.store().dir()) {}

Stored Ingest::write_metadata(const ObjectName& name, ByteView bytes) {
  if (name.type == ObjectType::CommitMeta) return write_commitmeta(name.checksum, bytes);
  object::verify_metadata(name, bytes);
  const bool added = !is_known(name) && store_metadata(name, bytes);
  return count(name.type, {name.checksum, bytes.size(), added});
}

Stored Ingest::write_metadata(ObjectType type, ByteView bytes) {
  return write_metadata({sha256(bytes), type}, bytes);
}

Stored Ingest::write_commitmeta(const Checksum& commit, ByteView bytes) {
  const ObjectName name{commit, ObjectType::CommitMeta};
  object::verify_metadata(name, bytes);
  const std::lock_guard lock(mutex_);
  if (bytes.empty()) {
    removed_commitmeta_.insert(commit);
    return {commit};
  }
  removed_commitmeta_.erase(commit);
  return count(name.type, {commit, bytes.size(), store_metadata(name, bytes)});
}

Stored Ingest::write_content(const std::optional<Checksum>& expected, const FileHeader& header,
                             std::uint64_t size, ByteSource& content) {
  check(header);
  return count(ObjectType::File, hash_and_store(expected, header, size, content));
}

/// A small object is hashed first, so that nothing is written that is not wanted. A large one is
/// hashed while it is written, so that it is read once and never in memory as a whole; it has no
/// name until its checksum is known to be right.
Stored Ingest::hash_and_store(const std::optional<Checksum>& expected, const FileHeader& header,
                              std::uint64_t size, ByteSource& content) {
  if (size <= max_small) return hash_and_store_small(expected, header, size, content);
  Stored result{{}, size, false};
  result.added = spend_space(size, [&] {
    HashingSource hashed(content, header, size, cancel_);
    StagedFile file = format_->write(area_, header, size, hashed);
    result.checksum = hashed.read_to_end();
    if (expected) require_checksum({*expected, ObjectType::File}, result.checksum);
    return !published_.has({result.checksum, ObjectType::File}) &&
           finish(file, result.checksum, header, size);
  });
  return result;
}

Stored Ingest::hash_and_store_small(const std::optional<Checksum>& expected,
                                    const FileHeader& header, std::uint64_t size,
                                    ByteSource& content) {
  HashingSource hashed(content, header, size, cancel_);
  const Bytes bytes = read_all(hashed, size);
  const ObjectName name{hashed.read_to_end(), ObjectType::File};
  if (expected) require_checksum({*expected, ObjectType::File}, name.checksum);
  const bool known = published_.has(name) || area_.is_staged(name);
  return {name.checksum, size, !known && store_content(name.checksum, header, bytes)};
}

std::unique_ptr<SpaceClaim> Ingest::reserve(std::uint64_t size, std::uint64_t further) {
  budget_.require(saturating_sum(size, further));
  return std::make_unique<SpaceClaim>(budget_, size);
}

bool Ingest::is_known(const ObjectName& name) {
  return published_.has(name) || area_.has(name);
}

Stored Ingest::count(ObjectType type, const Stored& stored) {
  if (!stored.added) return stored;
  if (object::is_metadata(type)) {
    ++metadata_written_;
  } else {
    ++content_written_;
    content_bytes_written_ += stored.size;
  }
  return stored;
}

IngestStats Ingest::stats() const {
  return {metadata_written_, content_written_, content_bytes_written_, area_.adopted()};
}

std::set<Checksum> Ingest::removed_commitmeta() const {
  const std::lock_guard lock(mutex_);
  return removed_commitmeta_;
}

void Ingest::check(const FileHeader& header) const {
  cancel_.check();
  object::validate_file_mode(header.mode);
  if (options_.require_bare_user_only_files) require_bare_user_only_mode(header);
  format_->check(header);
}

/// Not counted against the budget: metadata is small, and helps to clean up.
bool Ingest::store_metadata(const ObjectName& name, ByteView bytes) {
  cancel_.check();
  return explaining_no_space(area_.store().dir(), bytes.size(),
                             [&] { return store_verbatim(name, bytes, false); });
}

bool Ingest::store_content(const Checksum& checksum, const FileHeader& header, ByteView content) {
  return spend_space(content.size(), [&] {
    StagedFile file = format_->write(area_, header, content);
    return finish(file, checksum, header, content.size());
  });
}

bool Ingest::store_filez(const Checksum& checksum, ByteView filez) {
  cancel_.check();
  return spend_space(filez.size(), [&] {
    return store_verbatim({checksum, ObjectType::File}, filez, options_.sync_each_file);
  });
}

bool Ingest::store_verbatim(const ObjectName& name, ByteView bytes, bool sync) {
  StagedFile file = StagedFile::create(area_);
  os::write_all(file.fd(), bytes);
  os::ensure_mode(file.fd(), plain_object_mode);
  if (sync) os::fsync(file.fd());
  return file.place(name);
}

/// `fd` is what was hashed, and becomes the object, whatever is at `filez` by now.
bool Ingest::take_over_filez(const Checksum& checksum, const PathAt& filez, UniqueFd fd) {
  const auto size = static_cast<std::uint64_t>(os::stat(fd).st_size);
  if (!area_.may_trust(fd)) return copy_filez({checksum, ObjectType::File}, fd, size);
  StagedFile file = StagedFile::take_over(area_, filez, std::move(fd));
  os::ensure_mode(file.fd(), plain_object_mode);
  flush(file, size);
  return file.place({checksum, ObjectType::File});
}

bool Ingest::copy_filez(const ObjectName& name, FileDescriptor filez, std::uint64_t size) {
  return spend_space(size, [&] {
    StagedFile copy = StagedFile::create(area_);
    os::copy_file(filez, copy.fd(), size);
    LoadedFile archived = load_archive_file(os::duplicate(copy.fd()));
    require_checksum(name, hash_file(archived));
    os::ensure_mode(copy.fd(), plain_object_mode);
    flush(copy, size);
    return copy.place(name);
  });
}

bool Ingest::finish(StagedFile& file, const Checksum& checksum, const FileHeader& header,
                    std::uint64_t size) {
  format_->seal(file, header);
  if (file.fd().valid()) flush(file, size);
  return file.place({checksum, ObjectType::File});
}

/// Large files start on their way to the disk now, so that the barrier at the end is short.
void Ingest::flush(const StagedFile& file, std::uint64_t size) const {
  constexpr std::uint64_t large = 1U << 20;
  if (options_.sync_each_file)
    os::fsync(file.fd());
  else if (size >= large)
    os::start_writeback(file.fd());
}

}  // namespace xylem::repo
