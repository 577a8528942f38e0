#include "fetcher/failure_record.hpp"

namespace xylem::fetcher {

void FailureRecord::add(Failure failure, const std::string& origin) {
  last_ = std::move(failure);
  if (!best_ || best_origin_ == origin || tells_more(last_, *best_)) {
    best_ = last_;
    best_origin_ = origin;
  }
  if (!may_be_missing(last_)) return;
  lacking_.insert(origin);
  missing_ = last_;
}

}  // namespace xylem::fetcher
