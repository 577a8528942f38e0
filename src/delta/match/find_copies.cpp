#include "delta/match/find_copies.hpp"

#include <algorithm>
#include <unordered_map>

#include "delta/match/chunks.hpp"
#include "delta/match/suffix_array.hpp"

namespace xylem::delta {

namespace {

/// Shorter ones cost more than they save: two operations with two numbers each.
constexpr std::uint64_t least_copy = 32;

/// Cuts both files into chunks, and extends a chunk that is in both as far as they are equal. A
/// chunk of the new file that lies within what was copied already is passed over.
class CopyFinder {
 public:
  CopyFinder(const RandomSource& old, const RandomSource& changed) : old_(old), new_(changed) {}

  std::vector<Piece> run() {
    const std::uint64_t average = Chunks::average_for(std::max(old_.size(), new_.size()));
    StretchSource old_bytes = whole(old_);
    Chunks old_chunks(old_bytes, old_.size(), average);
    // The first of equal ones, which is as good as any.
    while (const auto chunk = old_chunks.next()) by_hash_.emplace(chunk->hash, chunk->place);
    StretchSource new_bytes = whole(new_);
    Chunks new_chunks(new_bytes, new_.size(), average);
    while (const auto chunk = new_chunks.next())
      if (chunk->place.end() > done_) try_chunk(*chunk);
    add_new(new_.size());
    return std::move(pieces_);
  }

 private:
  void try_chunk(const Chunk& chunk) {
    const auto found = by_hash_.find(chunk.hash);
    if (found == by_hash_.end() || found->second.size != chunk.place.size) return;
    // A part of it may have been copied; the rest is equal, too.
    const std::uint64_t skipped = done_ > chunk.place.offset ? done_ - chunk.place.offset : 0;
    const std::uint64_t at = chunk.place.offset + skipped;
    const std::uint64_t from = found->second.offset + skipped;
    const std::uint64_t size = equal_ahead(from, at);
    if (size < chunk.place.size - skipped) return;
    const std::uint64_t back = equal_behind(from, at);
    if (size + back >= least_copy) add_old({from - back, size + back}, at - back);
  }

  std::uint64_t equal_ahead(std::uint64_t from, std::uint64_t at) {
    const std::uint64_t most = std::min(old_.size() - from, new_.size() - at);
    std::uint64_t equal = 0;
    while (equal < most) {
      const std::uint64_t step = std::min(most - equal, block_for(equal));
      load(from + equal, at + equal, step);
      const std::uint64_t same = common_prefix(old_block_, new_block_);
      equal += same;
      if (same < step) break;
    }
    return equal;
  }

  std::uint64_t equal_behind(std::uint64_t from, std::uint64_t at) {
    const std::uint64_t most = std::min(from, at - done_);
    std::uint64_t equal = 0;
    while (equal < most) {
      const std::uint64_t step = std::min(most - equal, block_for(equal));
      load(from - equal - step, at - equal - step, step);
      const auto [old, changed] = std::mismatch(old_block_.rbegin(), old_block_.rend(),
                                                new_block_.rbegin(), new_block_.rend());
      const auto same = static_cast<std::uint64_t>(old - old_block_.rbegin());
      equal += same;
      if (same < step) break;
    }
    return equal;
  }

  /// Small blocks first, as most comparisons end early.
  static std::uint64_t block_for(std::uint64_t equal) {
    return std::clamp<std::uint64_t>(2 * equal, 256, stream_buffer_size);
  }

  void load(std::uint64_t from, std::uint64_t at, std::uint64_t size) {
    old_block_.resize(size);
    new_block_.resize(size);
    old_.read_at(old_block_, from);
    new_.read_at(new_block_, at);
  }

  void add_new(std::uint64_t end) {
    if (end > done_) pieces_.push_back({false, {done_, end - done_}});
    done_ = end;
  }

  void add_old(Stretch place, std::uint64_t at) {
    add_new(at);
    pieces_.push_back({true, place});
    done_ = at + place.size;
  }

  const RandomSource& old_;
  const RandomSource& new_;
  std::unordered_map<std::uint64_t, Stretch> by_hash_;
  Bytes old_block_;
  Bytes new_block_;
  std::uint64_t done_ = 0;  ///< Of the new file.
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> find_copies(const RandomSource& old, const RandomSource& changed) {
  return CopyFinder(old, changed).run();
}

std::uint64_t new_bytes(const std::vector<Piece>& pieces) {
  std::uint64_t bytes = 0;
  for (const Piece& piece : pieces)
    if (!piece.is_old) bytes += piece.place.size;
  return bytes;
}

}  // namespace xylem::delta
