#include "delta/generate/encoder.hpp"

#include <algorithm>

#include "base/codec/deflated_size.hpp"
#include "delta/match/find_copies.hpp"
#include "delta/match/make_patch.hpp"
#include "delta/match/suffix_array.hpp"

namespace xylem::delta {

namespace {

/// Larger files are read through a file without a name, unless they are patched.
constexpr std::uint64_t largest_in_memory = 64ULL << 20;

/// What an encoding takes beside its bytes: the checksum of the old file, and operations, whose
/// numbers hardly compress.
constexpr std::uint64_t checksum_cost = 32;
constexpr std::uint64_t operation_cost = 6;
/// xz codes runs of zeros, of which patches are full, in fewer bytes than deflate. A patch that
/// seems to take a little more than copies takes no more in the end.
constexpr std::uint64_t patch_bonus = 64;

/// Copies that take no more than this part of the file are good enough; nothing else is tried.
constexpr std::uint64_t good_fraction = 200;
/// The file as it is hardly ever takes less than this part of it.
constexpr std::uint64_t unbeatable_fraction = 64;
/// Patches of smaller files are made in no time.
constexpr std::uint64_t small_file = 64ULL << 10;
/// Of compressed content, and other noise, 97 of 100 bytes are left or more.
constexpr bool is_noise(std::uint64_t compressed, std::uint64_t size) {
  return compressed >= size / 100 * 97;
}

std::uint64_t cost_of(const RandomSource& content, Stretch stretch) {
  StretchSource source(content, stretch);
  Bytes buffer(std::min<std::uint64_t>(stretch.size, 1 << 20));
  std::uint64_t cost = 0;
  while (const std::size_t count = source.read(buffer))
    cost += deflated_size(ByteView(buffer).first(count));
  return cost;
}

/// New stretches are compressed one behind the other, as they will be in the part.
std::uint64_t cost_of(const RandomSource& content, const std::vector<Piece>& pieces) {
  Bytes fresh;
  std::uint64_t cost = checksum_cost + pieces.size() * operation_cost;
  for (const Piece& piece : pieces) {
    if (piece.is_old) continue;
    if (piece.place.size >= stream_buffer_size) {
      cost += cost_of(content, piece.place);
      continue;
    }
    const std::size_t kept = fresh.size();
    fresh.resize(kept + piece.place.size);
    content.read_at(MutableByteView(fresh).subspan(kept), piece.place.offset);
    if (fresh.size() < stream_buffer_size) continue;
    cost += deflated_size(fresh);
    fresh.clear();
  }
  return cost + deflated_size(fresh);
}

}  // namespace

std::vector<OldFile> Sources::find(const NewFile& file) const {
  if (by_path == nullptr) return {};
  std::vector<OldFile> found = by_path->find(file.paths, file.size);
  if (found.empty() && similar != nullptr) found = similar->find(file.checksum);
  return found;
}

/// What was found best so far. To compress the file as it is takes the most time, so that this is
/// done only where something depends on it.
struct Encoder::Choice {
  const NewFile& file;
  const Content& content;
  Encoding encoding = Plain{};
  std::uint64_t cost = UINT64_MAX;
  Bytes patch{};  ///< Of a Patch, whose place in the scratch file is not known yet.
  std::optional<std::uint64_t> plain{};

  void offer(Encoding other, std::uint64_t other_cost, Bytes other_patch = {}) {
    if (other_cost >= cost) return;
    encoding = std::move(other);
    cost = other_cost;
    patch = std::move(other_patch);
  }
  std::uint64_t plain_cost() {
    if (!plain) plain = cost_of(content.source(), {0, file.size});
    return *plain;
  }
};

Encoding Encoder::encode(const NewFile& file) const {
  if (file.size == 0) return Plain{};
  const std::vector<OldFile> sources = sources_.find(file);
  const auto share = budget_.take(memory_for(file, sources));
  const bool in_memory =
      file.size <= largest_in_memory || std::ranges::any_of(sources, [&](const OldFile& old) {
        return may_patch(old.size, file.size);
      });
  const Content content = reader_.load(file.checksum, in_memory);
  Choice best{.file = file, .content = content};
  for (const OldFile& old : sources) {
    if (best.cost <= file.size / good_fraction) break;
    try_source(old, best);
  }
  if (best.cost > file.size / unbeatable_fraction) best.offer(Plain{}, best.plain_cost());
  if (auto* patch = std::get_if<Patch>(&best.encoding)) patch->bytes = scratch_.append(best.patch);
  const bool is_plain = std::holds_alternative<Plain>(best.encoding);
  return is_plain && goes_alone(file, best.plain_cost()) ? Alone{} : std::move(best.encoding);
}

void Encoder::try_source(const OldFile& old, Choice& best) const {
  const std::uint64_t size = best.file.size;
  const RandomSource& content = best.content.source();
  const bool patchable = may_patch(old.size, size);
  const Content old_content =
      reader_.load(old.checksum, patchable || old.size <= largest_in_memory);
  std::vector<Piece> pieces = find_copies(old_content.source(), content);
  const std::uint64_t copies_cost = cost_of(content, pieces);
  const bool good = copies_cost <= size / good_fraction && size > small_file;
  const bool hopeless = new_bytes(pieces) == size && is_noise(best.plain_cost(), size);
  std::uint64_t patch_cost = UINT64_MAX;
  if (patchable && !good && !hopeless) {
    Bytes patch = make_patch(old_content.bytes(), best.content.bytes());
    patch_cost = checksum_cost + deflated_size(patch);
    patch_cost -= std::min(patch_cost - checksum_cost, patch_bonus);
    best.offer(Patch{old.checksum, {}}, patch_cost, std::move(patch));
  }
  if (copies_cost < patch_cost) best.offer(Copies{old.checksum, std::move(pieces)}, copies_cost);
}

bool Encoder::may_patch(std::uint64_t old, std::uint64_t changed) const {
  return rules_.patches && old + changed <= rules_.max_patched && old < SuffixArray::max_text &&
         changed < SuffixArray::max_text;
}

/// The new file and a patch of it; the old one with its suffix array.
std::uint64_t Encoder::memory_for(const NewFile& file, const std::vector<OldFile>& sources) const {
  constexpr std::uint64_t buffers = 4ULL << 20;
  const std::uint64_t in_memory = std::min(file.size, largest_in_memory);
  std::uint64_t most = buffers + in_memory;
  for (const OldFile& old : sources)
    most = std::max(most, may_patch(old.size, file.size)
                              ? buffers + 3 * file.size + 5 * old.size
                              : buffers + in_memory + std::min(old.size, largest_in_memory));
  return most;
}

/// The part would be no smaller for it, or too large.
bool Encoder::goes_alone(const NewFile& file, std::uint64_t plain_cost) const {
  if (rules_.min_alone == 0 || file.size <= rules_.min_alone) return false;
  return file.size > rules_.max_plain || is_noise(plain_cost, file.size);
}

}  // namespace xylem::delta
