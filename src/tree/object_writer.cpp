#include "tree/object_writer.hpp"

#include "repo/ingest/adopt_file.hpp"

namespace xylem::tree {

using object::ObjectType;

ObjectWriter::ObjectWriter(repo::Transaction& transaction, bool collect_sizes)
    : transaction_(transaction),
      collect_sizes_(collect_sizes && transaction.repo().mode() == repo::Mode::Archive) {}

Checksum ObjectWriter::write_file(const object::FileHeader& header, std::uint64_t size,
                                  ByteSource& content) {
  const Checksum checksum =
      transaction_.ingest().write_content(std::nullopt, header, size, content).checksum;
  note_file(checksum, header, size);
  return checksum;
}

std::optional<Checksum> ObjectWriter::adopt_file(const PathAt& file,
                                                 const object::FileHeader& header) {
  const auto stored = repo::adopt_file(repo(), transaction_.ingest(), file, header);
  if (!stored) return std::nullopt;
  note_file(stored->checksum, header, stored->size);
  return stored->checksum;
}

void ObjectWriter::reuse_file(const Checksum& checksum, const object::FileHeader& header,
                              std::uint64_t size) {
  note_file(checksum, header, size);
}

void ObjectWriter::note_file(const Checksum& checksum, const object::FileHeader& header,
                             std::uint64_t size) {
  ++content_total_;
  if (!collect_sizes_) return;
  const auto archived = transaction_.stored_size({checksum, ObjectType::File});
  // libostree says that a symlink unpacks to the length of its target.
  const std::uint64_t unpacked = header.is_symlink() ? header.symlink_target.size() : size;
  sizes_.add(
      {checksum, archived.value_or(0), unpacked, static_cast<std::uint8_t>(ObjectType::File)});
}

Checksum ObjectWriter::write_metadata(ObjectType type, ByteView bytes) {
  const Checksum checksum = transaction_.ingest().write_metadata(type, bytes).checksum;
  ++metadata_total_;
  if (collect_sizes_ && type != ObjectType::Commit)
    sizes_.add({checksum, bytes.size(), bytes.size(), static_cast<std::uint8_t>(type)});
  return checksum;
}

Checksum ObjectWriter::write_dirmeta(const object::DirMeta& meta) {
  return write_metadata(ObjectType::DirMeta, object::serialize_dirmeta(meta));
}

Checksum ObjectWriter::write_dirtree(const object::DirTree& tree) {
  return write_metadata(ObjectType::DirTree, object::serialize_dirtree(tree));
}

Checksum ObjectWriter::write_commit(const object::Commit& commit) {
  return write_metadata(ObjectType::Commit, object::serialize_commit(commit));
}

}  // namespace xylem::tree
