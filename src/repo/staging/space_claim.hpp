#pragma once

#include "repo/staging/space.hpp"

namespace xylem::repo {

/// Space taken from the budget for one file; given back unless the file stays.
class SpaceClaim {
 public:
  /// Throws as SpaceBudget::take().
  SpaceClaim(SpaceBudget& budget, std::uint64_t size) : budget_(budget), size_(size) {
    budget_.take(size_);
  }
  SpaceClaim(const SpaceClaim&) = delete;
  SpaceClaim& operator=(const SpaceClaim&) = delete;
  ~SpaceClaim() {
    if (!kept_) budget_.give_back(size_);
  }

  /// The file is there and needs its space.
  void keep() noexcept { kept_ = true; }

 private:
  SpaceBudget& budget_;
  std::uint64_t size_;
  bool kept_ = false;
};

/// Runs `write`, which writes `size` bytes to the file system of `dir`. An Error(NoSpace) that
/// comes out of it knows the numbers.
template <typename Write>
auto explaining_no_space(FileDescriptor dir, std::uint64_t size, Write write) {
  try {
    return write();
  } catch (Error& error) {
    explain_no_space(error, dir, size);
    throw;
  }
}

/// As above, out of the budget. `write` returns whether the file stays.
template <typename Write>
bool write_within(SpaceBudget& budget, FileDescriptor dir, std::uint64_t size, Write write) {
  SpaceClaim claim(budget, size);
  const bool stays = explaining_no_space(dir, size, write);
  if (stays) claim.keep();
  return stays;
}

}  // namespace xylem::repo
