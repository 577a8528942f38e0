#include "delta/apply/part_reader.hpp"

#include <fmt/format.h>

#include <array>

#include "base/codec/sha256.hpp"
#include "base/codec/xz.hpp"
#include "delta/format/limits.hpp"
#include "delta/format/payload.hpp"
#include "xylem/error.hpp"

namespace xylem::delta {

namespace {

/// Passes a part file on, and hashes it.
class CheckedFile : public ByteSource {
 public:
  CheckedFile(ByteSource& file, const PartHeader& header, const CancelToken& cancel)
      : file_(file), header_(header), cancel_(cancel) {}

  std::size_t read(MutableByteView buffer) override {
    cancel_.check();
    const std::size_t count = file_.read(buffer);
    seen_ += count;
    if (seen_ > header_.size)
      throw Error(ErrorKind::Corrupt,
                  fmt::format("The part is longer than the {} bytes announced", header_.size));
    hash_.update(buffer.first(count));
    return count;
  }

  /// After the end was read.
  void require_checksum() {
    const Checksum actual = hash_.finish();
    if (actual != header_.checksum)
      throw Error(ErrorKind::Corrupt, fmt::format("The checksum of the part is {}, not {}",
                                                  actual.hex(), header_.checksum.hex()));
  }

 private:
  ByteSource& file_;
  const PartHeader& header_;
  const CancelToken& cancel_;
  std::uint64_t seen_ = 0;
  Sha256 hash_;
};

/// No more than `limit` bytes of `source`.
class LimitedSource : public ByteSource {
 public:
  LimitedSource(ByteSource& source, std::uint64_t limit) : source_(source), left_(limit) {}

  std::size_t read(MutableByteView buffer) override {
    const std::size_t count = source_.read(buffer);
    if (count > left_) throw Error(ErrorKind::Corrupt, "The payload is longer than allowed");
    left_ -= count;
    return count;
  }

 private:
  ByteSource& source_;
  std::uint64_t left_;
};

void require_version(const PartHeader& header) {
  if (header.version > newest_part_version)
    throw Error(ErrorKind::Unsupported,
                fmt::format("The part has version {}; the newest supported version is {}",
                            header.version, newest_part_version));
}

void unpack(ByteSource& file, Compression compression, std::uint64_t limit, Spool& payload) {
  if (compression == Compression::Xz) {
    XzSource xz(file, {max_xz_memory, limit});
    payload.append_all(xz);
  } else {
    LimitedSource limited(file, limit);
    payload.append_all(limited);
  }
}

}  // namespace

std::unique_ptr<Spool> read_part(ByteSource& file, const PartHeader& header,
                                 const PartOptions& options) {
  require_version(header);
  CheckedFile checked(file, header, options.cancel);
  std::array<std::uint8_t, 1> compression{};
  if (checked.read(compression) == 0) throw Error(ErrorKind::Corrupt, "The part is empty");
  auto payload = std::make_unique<Spool>(options.spool);
  unpack(checked, parse_compression(compression.front()), options.max_payload, *payload);
  checked.require_checksum();
  return payload;
}

}  // namespace xylem::delta
