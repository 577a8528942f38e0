#include "fetcher/http/authorization.hpp"

#include "fetcher/http/header_value.hpp"

namespace xylem::fetcher {

const std::string& Authorization::value(const std::string& url) {
  if (!value_) value_ = ask(url, "");
  return *value_;
}

bool Authorization::renew(const std::string& url, const std::string& used) {
  if (!source_) return false;
  if (value_ && *value_ != used) return !value_->empty();
  value_ = ask(url, used);
  return !value_->empty() && *value_ != used;
}

/// Nothing is known of who wrote the callback.
std::string Authorization::ask(const std::string& url, const std::string& refused) const {
  std::string value = source_ ? source_(url, refused).value_or("") : "";
  check_header_value("Authorization", value);
  return value;
}

}  // namespace xylem::fetcher
