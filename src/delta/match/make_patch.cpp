#include "delta/match/make_patch.hpp"

#include <algorithm>

#include "delta/format/bsdiff.hpp"
#include "delta/match/suffix_array.hpp"

namespace xylem::delta {

namespace {

/// So much more a match must have than the current alignment gives for a change to pay: a record
/// takes 24 bytes.
constexpr std::size_t worth_a_record = 8;
/// An alignment of which so many of the next bytes are equal is good: nothing is searched for.
constexpr std::size_t looked_ahead = 32;
constexpr std::size_t equal_of_them = 28;
/// After so many searches without a find, positions are passed over.
constexpr std::size_t patience = 512;
constexpr std::size_t max_stride = 64;

/// From here on the bytes of the new file are those of the old one at that position, but for some.
struct Alignment {
  std::size_t at = 0;        ///< In the new file.
  std::size_t position = 0;  ///< In the old one.
};

/// Goes through the new file from one alignment to the next, and writes a record between them.
///
/// At each byte where the current alignment is bad it looks for the longest match in the old file.
/// One that is clearly better begins the next alignment. Each of the two is then extended towards
/// the other as far as more than half of the bytes are equal, and what is between them is new. The
/// differences are mostly zeros, which cost next to nothing once they are compressed.
class PatchMaker {
 public:
  PatchMaker(ByteView old, ByteView changed) : old_(old), new_(changed), suffixes_(old) {}

  Bytes run() {
    while (current_.at < new_.size()) write_until(find_next());
    return std::move(patch_);
  }

 private:
  /// Bytes of the old file that the current alignment has for `at`.
  ByteView aligned_old(std::size_t at) const {
    const std::size_t position = current_.position + (at - current_.at);
    return position < old_.size() ? old_.subspan(position) : ByteView();
  }

  std::size_t count_equal(std::size_t at, std::size_t size) const {
    const ByteView old = aligned_old(at);
    const std::size_t both = std::min({size, old.size(), new_.size() - at});
    std::size_t equal = 0;
    for (std::size_t i = 0; i < both; ++i) equal += old[i] == new_[at + i] ? 1U : 0U;
    return equal;
  }

  /// The end of the file if there is none. Goes on behind what it found last.
  Alignment find_next() {
    std::size_t at = searched_;
    std::size_t misses = 0;
    while (at < new_.size()) {
      if (count_equal(at, looked_ahead) >= equal_of_them) {
        at += looked_ahead / 2;
        misses = 0;
        continue;
      }
      const SuffixArray::Match match = suffixes_.longest(new_.subspan(at));
      const std::size_t equal = count_equal(at, match.size);
      if (match.size > equal + worth_a_record) {
        searched_ = at + match.size;
        return {at, match.position};
      }
      if (match.size > worth_a_record) misses = 0;
      // Half of the match: behind it, a better one may begin.
      at += std::max(match.size > worth_a_record ? match.size / 2 : 1, stride(++misses));
    }
    return {new_.size(), 0};
  }

  static std::size_t stride(std::size_t misses) {
    return std::clamp<std::size_t>(misses / patience, 1, max_stride);
  }

  /// How far the current alignment goes on being right for more than half of the bytes.
  std::size_t extend_forward(std::size_t most) const {
    const ByteView old = aligned_old(current_.at);
    most = std::min(most, old.size());
    Best best;
    for (std::size_t i = 0; i < most; ++i) best.add(old[i] == new_[current_.at + i], i + 1);
    return best.size();
  }

  /// The same from the next alignment back.
  std::size_t extend_back(const Alignment& next, std::size_t most) const {
    most = std::min(most, next.position);
    Best best;
    for (std::size_t i = 1; i <= most; ++i)
      best.add(old_[next.position - i] == new_[next.at - i], i);
    return best.size();
  }

  /// Where equal bytes outnumber the others most.
  class Best {
   public:
    void add(bool equal, std::size_t size) {
      balance_ += equal ? 1 : -1;
      if (balance_ <= best_) return;
      best_ = balance_;
      size_ = size;
    }
    std::size_t size() const { return size_; }

   private:
    std::int64_t balance_ = 0;
    std::int64_t best_ = 0;
    std::size_t size_ = 0;
  };

  /// How many of the bytes that both alignments claim are the first one's.
  std::size_t split(const Alignment& next, std::size_t start, std::size_t size) const {
    const ByteView old = aligned_old(start);
    const std::size_t position = next.position - (next.at - start);
    std::int64_t balance = 0;
    std::int64_t highest = 0;
    std::size_t split = 0;
    for (std::size_t i = 0; i < size; ++i) {
      balance += old[i] == new_[start + i] ? 1 : 0;
      balance -= old_[position + i] == new_[start + i] ? 1 : 0;
      if (balance <= highest) continue;
      highest = balance;
      split = i + 1;
    }
    return split;
  }

  void write_until(const Alignment& next) {
    const std::size_t gap = next.at - current_.at;
    std::size_t forward = extend_forward(gap);
    std::size_t back = next.at < new_.size() ? extend_back(next, gap) : 0;
    if (forward + back > gap) {
      const std::size_t overlap = forward + back - gap;
      const std::size_t kept = split(next, current_.at + forward - overlap, overlap);
      forward -= overlap - kept;
      back -= kept;
    }
    write_record({next.at - back, next.position - std::min(back, next.position)}, forward);
  }

  void write_record(const Alignment& next, std::size_t forward) {
    const std::size_t extra = next.at - current_.at - forward;
    const auto seek = static_cast<std::int64_t>(next.position) -
                      static_cast<std::int64_t>(current_.position + forward);
    const bool last = next.at == new_.size();
    append_bsdiff_record(patch_, {forward, extra, last ? 0 : seek});
    const ByteView old = aligned_old(current_.at);
    for (std::size_t i = 0; i < forward; ++i)
      patch_.push_back(static_cast<std::uint8_t>(new_[current_.at + i] - old[i]));
    const ByteView fresh = new_.subspan(current_.at + forward, extra);
    patch_.insert(patch_.end(), fresh.begin(), fresh.end());
    current_ = next;
  }

  ByteView old_;
  ByteView new_;
  SuffixArray suffixes_;
  Alignment current_;
  std::size_t searched_ = 0;  ///< In the new file: only grows, so that this ends.
  Bytes patch_;
};

}  // namespace

Bytes make_patch(ByteView old, ByteView changed) {
  return PatchMaker(old, changed).run();
}

}  // namespace xylem::delta
