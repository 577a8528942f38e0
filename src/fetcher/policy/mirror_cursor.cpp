#include "fetcher/policy/mirror_cursor.hpp"

namespace xylem::fetcher {

bool MirrorCursor::advance(bool may_pass) {
  usable_[current_] = may_pass;
  if (tried_ < usable_.size()) {
    current_ = tried_++;
    retry_ = 0;
    return true;
  }
  if (retries_used_ == retries_) return false;
  for (std::size_t step = 1; step <= usable_.size(); ++step) {
    const std::size_t candidate = (current_ + step) % usable_.size();
    if (!usable_[candidate]) continue;
    current_ = candidate;
    retry_ = ++retries_used_;
    return true;
  }
  return false;
}

}  // namespace xylem::fetcher
