#include "delta/generate/payload_source.hpp"

#include <algorithm>

#include "object/verify.hpp"
#include "repo/disk/object_error.hpp"

namespace xylem::delta {

using object::ObjectName;
using object::ObjectType;

namespace {

/// The bytes of an object that is in memory.
class OwnedBytes : public ByteSource {
 public:
  explicit OwnedBytes(Bytes bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
  std::size_t read(MutableByteView buffer) override { return source_.read(buffer); }

 private:
  Bytes bytes_;
  MemorySource source_;
};

/// Some places of a file's content, which is read from its begin to its end, and checked.
class FileSource : public ByteSource {
 public:
  FileSource(const repo::Repo& repo, const FileBytes& bytes, const CancelToken& cancel)
      : bytes_(bytes),
        loaded_(repo.load_file(bytes.file)),
        hashed_(*loaded_.content, loaded_.header, loaded_.size, cancel) {}

  std::size_t read(MutableByteView buffer) override {
    while (place_ < bytes_.places.size()) {
      const Stretch& place = bytes_.places[place_];
      if (at_ < place.offset) skip_to(place.offset);
      const std::uint64_t left = place.end() - at_;
      if (left == 0) {
        ++place_;
        continue;
      }
      return take(buffer.first(std::min<std::uint64_t>(buffer.size(), left)));
    }
    check();
    return 0;
  }

 private:
  std::size_t take(MutableByteView buffer) {
    const std::size_t count = hashed_.read(buffer);
    if (count == 0) repo::throw_corrupt(name(), "Its content has become shorter");
    at_ += count;
    return count;
  }

  void skip_to(std::uint64_t offset) {
    skipped_.resize(stream_buffer_size);
    while (at_ < offset)
      take(MutableByteView(skipped_).first(std::min<std::uint64_t>(skipped_.size(), offset - at_)));
  }

  void check() {
    if (checked_) return;
    repo::require_checksum(name(), hashed_.read_to_end());
    checked_ = true;
  }

  ObjectName name() const { return {bytes_.file, ObjectType::File}; }

  const FileBytes& bytes_;
  repo::LoadedFile loaded_;
  repo::HashingSource hashed_;
  std::size_t place_ = 0;
  std::uint64_t at_ = 0;
  Bytes skipped_;
  bool checked_ = false;
};

/// Opens a segment of a blob.
class Opener {
 public:
  Opener(const repo::Repo& repo, const RandomSource& scratch, const CancelToken& cancel)
      : repo_(repo), scratch_(scratch), cancel_(cancel) {}

  std::unique_ptr<ByteSource> operator()(const Bytes& bytes) const {
    return std::make_unique<MemorySource>(bytes);
  }
  std::unique_ptr<ByteSource> operator()(const ObjectName& name) const {
    Bytes bytes = repo_.load_metadata(name);
    object::verify_metadata(name, bytes);
    return std::make_unique<OwnedBytes>(std::move(bytes));
  }
  std::unique_ptr<ByteSource> operator()(const FileBytes& bytes) const {
    return std::make_unique<FileSource>(repo_, bytes, cancel_);
  }
  std::unique_ptr<ByteSource> operator()(const ScratchBytes& bytes) const {
    return std::make_unique<StretchSource>(scratch_, bytes.place);
  }

 private:
  const repo::Repo& repo_;
  const RandomSource& scratch_;
  const CancelToken& cancel_;
};

}  // namespace

PayloadSource::PayloadSource(const PartPlan& plan, const repo::Repo& repo,
                             const RandomSource& scratch, CancelToken cancel)
    : plan_(plan),
      repo_(repo),
      scratch_(scratch),
      cancel_(std::move(cancel)),
      frame_(plan.frame()) {}

PayloadSource::~PayloadSource() = default;

std::size_t PayloadSource::read(MutableByteView buffer) {
  cancel_.check();
  for (;;) {
    if (!piece_) piece_ = open_next();
    if (!piece_) return 0;
    if (const std::size_t count = piece_->read(buffer)) return count;
    piece_.reset();
  }
}

std::unique_ptr<ByteSource> PayloadSource::open_next() {
  const std::size_t last = plan_.blob().size() + 1;
  if (next_ > last) return nullptr;
  const std::size_t index = next_++;
  if (index == 0) return std::make_unique<MemorySource>(frame_.before);
  if (index == last) return std::make_unique<MemorySource>(frame_.behind);
  return std::visit(Opener(repo_, scratch_, cancel_), plan_.blob()[index - 1]);
}

}  // namespace xylem::delta
