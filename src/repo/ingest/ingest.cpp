#include "repo/ingest/ingest.hpp"

#include "base/os/os.hpp"
#include "base/os/os_metadata.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"

namespace xylem::repo {

using object::FileHeader;
using object::ObjectName;
using object::ObjectType;

namespace {

/// Streams of at most so many bytes are read into memory.
constexpr std::uint64_t max_small = 1U << 20;

}  // namespace

ObjectStager::ObjectStager(StagingArea& area, const LooseStore& published, SpaceBudget& budget,
                           const StagerOptions& options, CancelToken cancel)
    : area_(area),
      published_(published),
      budget_(budget),
      options_(options),
      cancel_(std::move(cancel)),
      format_(make_content_format(published.mode(), options.zlib_level)),
      writeback_(area.store().dir()) {}

void ObjectStager::check(const FileHeader& header) const {
  cancel_.check();
  object::validate_file_mode(header.mode);
  if (options_.require_bare_user_only_files) require_bare_user_only_mode(header);
  format_->check(header);
}

/// Not counted against the budget: metadata is small, and helps to clean up.
bool ObjectStager::stage_metadata(const ObjectName& name, ByteView bytes) {
  cancel_.check();
  return knowing_space(area_.store().dir(), bytes.size(),
                       [&] { return stage_verbatim(name, bytes, false); });
}

bool ObjectStager::stage_filez(const Checksum& checksum, ByteView filez) {
  cancel_.check();
  return spend_space(filez.size(), [&] {
    return stage_verbatim({checksum, ObjectType::File}, filez, options_.sync_each_file);
  });
}

bool ObjectStager::stage_verbatim(const ObjectName& name, ByteView bytes, bool sync) {
  StagedFile file = StagedFile::create(area_);
  os::write_all(file.fd(), bytes);
  os::ensure_mode(file.fd(), plain_object_mode);
  if (sync) os::fsync(file.fd());
  return file.place(name);
}

bool ObjectStager::take_over_filez(const Checksum& checksum, const PathAt& filez, UniqueFd fd) {
  const auto size = static_cast<std::uint64_t>(os::stat(fd).st_size);
  StagedFile file = StagedFile::take_over(area_, filez, std::move(fd));
  os::ensure_mode(file.fd(), plain_object_mode);
  flush(file, size);
  return file.place({checksum, ObjectType::File});
}

bool ObjectStager::stage_content(const Checksum& checksum, const FileHeader& header,
                                 ByteView content) {
  return spend_space(content.size(), [&] {
    StagedFile file = format_->write(area_, header, content);
    return finish(file, checksum, header, content.size());
  });
}

StagedStream ObjectStager::stage_stream(const std::optional<Checksum>& expected,
                                        const FileHeader& header, std::uint64_t size,
                                        ByteSource& content) {
  check(header);
  if (size <= max_small) return stage_small(expected, header, size, content);
  StagedStream result;
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

/// Nothing is written before it is known whether it is wanted.
StagedStream ObjectStager::stage_small(const std::optional<Checksum>& expected,
                                       const FileHeader& header, std::uint64_t size,
                                       ByteSource& content) {
  HashingSource hashed(content, header, size, cancel_);
  const Bytes bytes = read_all(hashed, size);
  const ObjectName name{hashed.read_to_end(), ObjectType::File};
  if (expected) require_checksum({*expected, ObjectType::File}, name.checksum);
  const bool known = published_.has(name) || area_.is_staged(name);
  return {name.checksum, !known && stage_content(name.checksum, header, bytes)};
}

bool ObjectStager::finish(StagedFile& file, const Checksum& checksum, const FileHeader& header,
                          std::uint64_t size) {
  format_->seal(file, header);
  if (file.fd().valid()) flush(file, size);
  return file.place({checksum, ObjectType::File});
}

/// Large files start on their way to the disk now, so that the barrier at the end is short.
void ObjectStager::flush(const StagedFile& file, std::uint64_t size) const {
  constexpr std::uint64_t large = 1U << 20;
  if (options_.sync_each_file)
    os::fsync(file.fd());
  else if (size >= large)
    os::start_writeback(file.fd());
}

}  // namespace xylem::repo
