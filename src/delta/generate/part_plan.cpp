#include "delta/generate/part_plan.hpp"

#include "delta/match/find_copies.hpp"

namespace xylem::delta {

using object::FileHeader;
using object::ObjectName;
using object::ObjectType;

void PartPlan::add_metadata(const ObjectName& name, std::uint64_t size) {
  header_.objects.push_back(name);
  header_.content_size += size;
  add(SpliceMetadata{append(name, size)});
}

void PartPlan::add_link(const NewFile& link) {
  const ByteView target = as_bytes(link.header.symlink_target);
  list(link);
  const std::uint64_t attributes_at = attributes(link.header);
  const std::uint64_t xattrs_at = xattrs(link.header);
  add(SpliceFile{attributes_at, xattrs_at,
                 append(Bytes(target.begin(), target.end()), target.size())});
}

void PartPlan::add_file(const NewFile& file, const Plain&) {
  list(file);
  const std::uint64_t attributes_at = attributes(file.header);
  const std::uint64_t xattrs_at = xattrs(file.header);
  add(SpliceFile{attributes_at, xattrs_at,
                 append(FileBytes{file.checksum, {{0, file.size}}}, file.size)});
}

/// Writes read from the old file while it is set, else from the blob.
void PartPlan::add_file(const NewFile& file, const Copies& encoding) {
  open(file);
  const Stretch old = append_checksum(encoding.old);
  FileBytes fresh{file.checksum, {}};
  const std::uint64_t start = blob_size_;
  std::uint64_t used = 0;
  bool reads_old = false;
  for (const Piece& piece : encoding.pieces) {
    if (piece.is_old && !reads_old) add(SetReadSource{old.offset});
    if (!piece.is_old && reads_old) add(UnsetReadSource{});
    reads_old = piece.is_old;
    add(Write{piece.is_old ? piece.place : Stretch{start + used, piece.place.size}});
    if (piece.is_old) continue;
    fresh.places.push_back(piece.place);
    used += piece.place.size;
  }
  if (used > 0) append(std::move(fresh), used);
  if (reads_old) add(UnsetReadSource{});
  add(CloseFile{});
}

void PartPlan::add_file(const NewFile& file, const Patch& encoding) {
  open(file);
  add(SetReadSource{append_checksum(encoding.old).offset});
  add(ApplyPatch{append(ScratchBytes{encoding.bytes}, encoding.bytes.size)});
  add(UnsetReadSource{});
  add(CloseFile{});
}

PayloadFrame PartPlan::frame() const {
  return frame_payload(tables_, blob_size_, operations_);
}

Stretch PartPlan::append(BlobSegment segment, std::uint64_t size) {
  const Stretch place{blob_size_, size};
  blob_.push_back(std::move(segment));
  blob_size_ += size;
  return place;
}

Stretch PartPlan::append_checksum(const Checksum& checksum) {
  const ByteView bytes = checksum.bytes();
  return append(Bytes(bytes.begin(), bytes.end()), bytes.size());
}

std::uint64_t PartPlan::attributes(const FileHeader& header) {
  const auto [found, is_new] =
      attributes_.try_emplace({header.uid, header.gid, header.mode}, tables_.attributes.size());
  if (is_new)
    tables_.attributes.push_back({.uid = header.uid, .gid = header.gid, .mode = header.mode});
  return found->second;
}

std::uint64_t PartPlan::xattrs(const FileHeader& header) {
  const auto [found, is_new] = xattrs_.try_emplace(header.xattrs, tables_.xattrs.size());
  if (is_new) tables_.xattrs.push_back(header.xattrs);
  return found->second;
}

void PartPlan::list(const NewFile& file) {
  header_.objects.push_back({file.checksum, ObjectType::File});
  header_.content_size += file.size;
}

void PartPlan::open(const NewFile& file) {
  list(file);
  const std::uint64_t attributes_at = attributes(file.header);
  add(OpenFile{attributes_at, xattrs(file.header), file.size});
}

std::uint64_t blob_bytes(const NewFile& file, const Encoding& encoding) {
  if (const auto* copies = std::get_if<Copies>(&encoding))
    return Checksum::size + new_bytes(copies->pieces);
  if (const auto* patch = std::get_if<Patch>(&encoding)) return Checksum::size + patch->bytes.size;
  return std::holds_alternative<Alone>(encoding) ? 0 : file.size;
}

}  // namespace xylem::delta
