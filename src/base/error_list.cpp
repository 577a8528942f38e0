#include "base/error_list.hpp"

#include <fmt/format.h>

#include <string>

namespace xylem {

void ErrorList::add(Error error) {
  ++count_;
  if (errors_.size() < capacity) errors_.push_back(std::move(error));
}

void ErrorList::add(ErrorList other) {
  const std::size_t not_kept = other.count_ - other.errors_.size();
  for (Error& error : other.errors_) add(std::move(error));
  count_ += not_kept;
}

Error ErrorList::joined(std::string_view what) const {
  if (count_ == 1) return errors_.front();
  std::string message = fmt::format("{}: {} failures: ", what, count_);
  const char* separator = "";
  for (const Error& error : errors_) {
    message.append(separator).append(error.what());
    separator = "; ";
  }
  if (count_ > errors_.size()) message += fmt::format("; and {} more", count_ - errors_.size());
  return Error(errors_.front().kind(), message, errors_.front().details());
}

void ErrorList::throw_if_any(std::string_view what) const {
  if (!empty()) throw joined(what);
}

}  // namespace xylem
