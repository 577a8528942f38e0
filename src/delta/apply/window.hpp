#pragma once

#include "base/random_source.hpp"

namespace xylem::delta {

/// Reads ahead for who reads small stretches, most of them one behind the other. A jump costs one
/// small read and no more; the further it goes on in order, the more is read at a time. For one
/// thread.
class Window : public RandomSource {
 public:
  /// `source` is borrowed.
  explicit Window(const RandomSource& source) : source_(source) {}
  std::uint64_t size() const override { return source_.size(); }
  void read_at(MutableByteView buffer, std::uint64_t offset) const override;

 private:
  void move_to(std::uint64_t offset, std::size_t wanted) const;

  const RandomSource& source_;
  mutable Bytes bytes_;
  mutable Stretch held_;  ///< What is in `bytes_`.
};

}  // namespace xylem::delta
