#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/ingest/ingest.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/inflate_source.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

using object::FileHeader;
using object::FilezHeader;
using object::ObjectName;
using object::ObjectType;

namespace {

/// Content up to this size is inflated in memory as a whole.
constexpr std::uint64_t max_in_memory = 4U << 20;

/// One for each thread, kept for the next object.
MutableByteView inflate_buffer(std::size_t size) {
  thread_local Bytes buffer;
  if (buffer.size() < size) buffer.resize(size);
  return MutableByteView(buffer).first(size);
}

void check_body_size(const FilezHeader& header, std::uint64_t body_size) {
  if (header.file.is_symlink() && body_size != 0)
    throw Error(ErrorKind::Corrupt, "Bytes follow the header of a symlink");
  if (!is_plausible_size(header.size, body_size))
    throw Error(ErrorKind::Corrupt,
                "The declared size is larger than the compressed data can hold");
}

void check_limit(std::uint64_t size, std::uint64_t limit) {
  if (size > limit)
    throw Error(ErrorKind::Corrupt,
                fmt::format("It has {} bytes, but the commit says {}", size, limit));
}

/// The content of a small file, or nothing for a symlink.
ByteView inflate_small(const FilezHeader& header, ByteView body) {
  if (header.file.is_symlink()) return {};
  const MutableByteView content = inflate_buffer(static_cast<std::size_t>(header.size));
  inflate_exact(body, content);
  return content;
}

}  // namespace

Stored Ingest::add_filez(const Checksum& expected, const FilezInput& filez, std::uint64_t limit) {
  const ObjectName name{expected, ObjectType::File};
  return count(name.type, with_object_name(name, [&] { return take_filez(name, filez, limit); }));
}

Stored Ingest::add_unchecked_filez(const Checksum& expected, ByteView filez) {
  if (mode() != Mode::Archive)
    throw Error(ErrorKind::Unsupported, "Only an archive repository can store files unchecked");
  area_.allow_unchecked();
  return count(ObjectType::File, {expected, filez.size(), store_filez(expected, filez)});
}

Stored Ingest::take_filez(const ObjectName& name, const FilezInput& filez, std::uint64_t limit) {
  if (const auto* bytes = std::get_if<ByteView>(&filez))
    return take_filez_bytes(name, *bytes, limit);
  if (const auto* path = std::get_if<PathAt>(&filez)) {
    auto file = load_archive_file(*path);
    if (!file) throw Error(ErrorKind::NotFound, os::path_of(*path) + " does not exist");
    return take_filez_file(name, *file, limit, [&] { return *path; });
  }
  GrowingFile& growing = std::get<std::reference_wrapper<GrowingFile>>(filez);
  LoadedFile file = load_archive_file(growing);
  return take_filez_file(name, file, limit, [&] { return growing.wait_complete(); });
}

/// The path of nearly every object of a pull.
Stored Ingest::take_filez_bytes(const ObjectName& name, ByteView filez, std::uint64_t limit) {
  const FilezHeader header = object::parse_filez_header(filez);
  check_body_size(header, filez.size() - header.header_length);
  check_limit(header.size, limit);
  check(header.file);
  const bool added = header.size > max_in_memory ? take_large_filez(name, header, filez)
                                                 : take_small_filez(name, header, filez);
  return {name.checksum, header.size, added};
}

bool Ingest::take_small_filez(const ObjectName& name, const FilezHeader& header, ByteView filez) {
  const ByteView content = inflate_small(header, filez.subspan(header.header_length));
  require_checksum(name, hash_content(header.file, content));
  if (mode() == Mode::Archive) return store_filez(name.checksum, filez);
  return store_content(name.checksum, header.file, content);
}

bool Ingest::take_large_filez(const ObjectName& name, const FilezHeader& header, ByteView filez) {
  MemorySource compressed(filez.subspan(header.header_length));
  InflateSource content(compressed, header.size);
  return take_filez_stream(name, header.file, header.size, content,
                           [&] { return store_filez(name.checksum, filez); });
}

/// `where` says where the file is, once its content has been read.
Stored Ingest::take_filez_file(const ObjectName& name, LoadedFile& file, std::uint64_t limit,
                               const std::function<PathAt()>& where) {
  check_limit(file.size, limit);
  check(file.header);
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  const bool added = take_filez_stream(name, file.header, file.size, content, [&] {
    return take_over_filez(name.checksum, where(), std::move(file.fd));
  });
  return {name.checksum, file.size, added};
}

/// Content too large for memory: hashed while it is written, or, for an archive, which keeps the
/// compressed bytes by calling `keep`, before.
bool Ingest::take_filez_stream(const ObjectName& name, const FileHeader& header, std::uint64_t size,
                               ByteSource& content, const std::function<bool()>& keep) {
  if (mode() != Mode::Archive) return hash_and_store(name.checksum, header, size, content).added;
  HashingSource hashed(content, header, size, cancel_);
  require_checksum(name, hashed.read_to_end());
  return keep();
}

}  // namespace xylem::repo
