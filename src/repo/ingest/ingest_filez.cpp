#include "repo/ingest/filez_import.hpp"

#include <fmt/format.h>

#include "base/os/os.hpp"
#include "repo/disk/object_error.hpp"
#include "repo/loose/hashing_source.hpp"
#include "repo/loose/inflate_source.hpp"
#include "repo/loose/loose_file.hpp"

namespace xylem::repo {

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
    throw Error(ErrorKind::Corrupt, "There are bytes behind the header of a symlink");
  if (!is_plausible_size(header.size, body_size))
    throw Error(ErrorKind::Corrupt, "The declared size is more than the compressed data can give");
}

void check_limit(std::uint64_t size, std::uint64_t limit) {
  if (size > limit)
    throw Error(ErrorKind::Corrupt,
                fmt::format("It is {} bytes large, but the commit says {}", size, limit));
}

/// The content of a small file, or nothing for a symlink.
ByteView inflate_small(const FilezHeader& header, ByteView body) {
  if (header.file.is_symlink()) return {};
  const MutableByteView content = inflate_buffer(static_cast<std::size_t>(header.size));
  inflate_exact(body, content);
  return content;
}

bool import_small(ObjectStager& stager, const ObjectName& name, const FilezHeader& header,
                  ByteView filez) {
  const ByteView content = inflate_small(header, filez.subspan(header.header_length));
  require_checksum(name, hash_content(header.file, content));
  if (stager.mode() == Mode::Archive) return stager.stage_filez(name.checksum, filez);
  return stager.stage_content(name.checksum, header.file, content);
}

/// Content too large for memory: hashed while it is written, or, for an archive, which keeps the
/// compressed bytes by calling `keep`, before.
template <typename Keep>
bool import_stream(ObjectStager& stager, const ObjectName& name, const object::FileHeader& header,
                   std::uint64_t size, ByteSource& content, Keep keep) {
  if (stager.mode() != Mode::Archive)
    return stager.stage_stream(name.checksum, header, size, content).added;
  HashingSource hashed(content, header, size, stager.cancel_token());
  require_checksum(name, hashed.read_to_end());
  return keep();
}

bool import_large(ObjectStager& stager, const ObjectName& name, const FilezHeader& header,
                  ByteView filez) {
  MemorySource compressed(filez.subspan(header.header_length));
  InflateSource content(compressed, header.size);
  return import_stream(stager, name, header.file, header.size, content,
                       [&] { return stager.stage_filez(name.checksum, filez); });
}

/// `where` says where the file is, once its content was read.
template <typename Where>
ImportedFile import_file(ObjectStager& stager, const ObjectName& name, LoadedFile& file,
                         std::uint64_t limit, Where where) {
  check_limit(file.size, limit);
  stager.check(file.header);
  MemorySource nothing({});
  ByteSource& content = file.content ? *file.content : nothing;
  const bool added = import_stream(stager, name, file.header, file.size, content, [&] {
    return stager.take_over_filez(name.checksum, where(), std::move(file.fd));
  });
  return {added, file.size};
}

}  // namespace

ImportedFile import_filez(ObjectStager& stager, const Checksum& expected, ByteView filez,
                          std::uint64_t limit) {
  const ObjectName name{expected, ObjectType::File};
  return naming(name, [&]() -> ImportedFile {
    const FilezHeader header = object::parse_filez_header(filez);
    check_body_size(header, filez.size() - header.header_length);
    check_limit(header.size, limit);
    stager.check(header.file);
    const auto import = header.size > max_in_memory ? import_large : import_small;
    return {import(stager, name, header, filez), header.size};
  });
}

ImportedFile import_filez_file(ObjectStager& stager, const Checksum& expected, const PathAt& filez,
                               std::uint64_t limit) {
  const ObjectName name{expected, ObjectType::File};
  return naming(name, [&] {
    auto file = load_archive_file(filez);
    if (!file) throw Error(ErrorKind::NotFound, os::path_of(filez) + " does not exist");
    return import_file(stager, name, *file, limit, [&] { return filez; });
  });
}

ImportedFile import_growing_filez(ObjectStager& stager, const Checksum& expected,
                                  GrowingFile& filez, std::uint64_t limit) {
  const ObjectName name{expected, ObjectType::File};
  return naming(name, [&] {
    LoadedFile file = load_archive_file(filez);
    return import_file(stager, name, file, limit, [&] { return filez.wait_complete(); });
  });
}

}  // namespace xylem::repo
