#include "fetcher/http/authorization.hpp"

namespace xylem::fetcher {

const std::string& Authorization::value(const std::string& url) {
  if (!value_) value_ = source_ ? source_(url, "").value_or("") : "";
  return *value_;
}

bool Authorization::renew(const std::string& url, const std::string& used) {
  if (!source_) return false;
  if (value_ && *value_ != used) return !value_->empty();
  value_ = source_(url, used).value_or("");
  return !value_->empty() && *value_ != used;
}

}  // namespace xylem::fetcher
