#include "fetcher/failure_record.hpp"

namespace xylem::fetcher {

void FailureRecord::add(Failure failure, const std::string& origin) {
  last_ = std::move(failure);
  if (!best_ || tells_more(last_, *best_)) best_ = last_;
  if (last_.verdict.kind != ErrorKind::NotFound) return;
  lacking_.insert(origin);
  missing_ = last_;
}

}  // namespace xylem::fetcher
