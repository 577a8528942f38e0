#include "delta/format/delta_bytes.hpp"

#include "delta/format/envelope.hpp"

namespace xylem::delta {

DeltaBytes::DeltaBytes(Bytes bytes) : bytes_(std::move(bytes)) {
  ByteView plain = bytes_;
  if (auto envelope = parse_envelope(bytes_)) {
    plain = signed_bytes_ = envelope->superblock;
    signatures_ = std::move(envelope->signatures);
  }
  superblock_ = parse_superblock(plain);
  inline_parts_ = inline_parts(superblock_);
}

std::optional<ByteView> DeltaBytes::inline_part(std::size_t index) const {
  const auto found = inline_parts_.find(index);
  if (found == inline_parts_.end()) return std::nullopt;
  return found->second;
}

}  // namespace xylem::delta
