#include "delta/apply/file_content.hpp"

#include "delta/format/bsdiff.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

/// What a patch in the blob makes of an old file.
class PatchedPiece : public ByteSource {
 public:
  PatchedPiece(const Payload& payload, Stretch patch, const RandomSource& old, std::uint64_t size)
      : window_(payload.bytes()), patch_(window_, patch), content_(patch_, old, size) {}
  std::size_t read(MutableByteView buffer) override { return content_.read(buffer); }

 private:
  Window window_;
  StretchSource patch_;
  BsdiffSource content_;
};

}  // namespace

std::size_t FileContent::read(MutableByteView buffer) {
  if (buffer.empty()) return 0;
  for (;;) {
    if (piece_) {
      if (const std::size_t count = piece_->read(buffer)) return count;
      piece_.reset();
    }
    if (closed_) return 0;
    run_next();
  }
}

void FileContent::skip() {
  making_ = false;
  while (!closed_) run_next();
}

void FileContent::run_next() {
  const auto operation = operations_.next(object::ObjectType::File);
  if (!operation) throw Error(ErrorKind::Corrupt, "The operations end within a file");
  std::visit(*this, *operation);
}

void FileContent::operator()(const Write& operation) {
  if (has_patch_) throw Error(ErrorKind::Corrupt, "The file has a patch, which makes all of it");
  has_pieces_ = true;
  if (!making_) return;
  if (source_.is_set())
    piece_ = std::make_unique<StretchSource>(source_.content(), operation.content);
  else
    piece_ = std::make_unique<StretchSource>(payload_.bytes(), payload_.in_blob(operation.content));
}

void FileContent::operator()(const ApplyPatch& operation) {
  if (has_patch_ || has_pieces_)
    throw Error(ErrorKind::Corrupt, "The file has other content than that of the patch");
  if (!source_.is_set()) throw Error(ErrorKind::Corrupt, "There is no file to patch");
  has_patch_ = true;
  if (making_)
    piece_ = std::make_unique<PatchedPiece>(payload_, payload_.in_blob(operation.patch),
                                            source_.content(), size_);
}

void FileContent::operator()(const SetReadSource& operation) {
  source_.set(named_source(payload_, operation));
}

void FileContent::operator()(const CloseFile&) {
  source_.unset();
  closed_ = true;
}

void FileContent::refuse_inside() {
  throw Error(ErrorKind::Corrupt,
              "The operations begin an object before the previous one is complete");
}

Checksum named_source(const Payload& payload, const SetReadSource& operation) {
  const Bytes bytes = payload.read_blob({operation.offset, Checksum::size}, Checksum::size);
  return Checksum::from_bytes(bytes).value();
}

}  // namespace xylem::delta
