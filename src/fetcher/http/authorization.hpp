#pragma once

/// \file
/// The token that a callback gives, asked for again when a server refuses it.

#include <optional>
#include <string>

#include "fetcher/request/options.hpp"

namespace xylem::fetcher {

/// One thread.
class Authorization {
 public:
  explicit Authorization(AuthorizationSource source) : source_(std::move(source)) {}

  /// Empty if there is none. Throws Error(InvalidArgument) for a value that is no value of a
  /// header.
  const std::string& value(const std::string& url);
  /// A server has refused `used`; true if there is another value to try now. Of many requests that
  /// are refused with the same value, one asks.
  bool renew(const std::string& url, const std::string& used);

 private:
  std::string ask(const std::string& url, const std::string& refused) const;

  AuthorizationSource source_;
  std::optional<std::string> value_;
};

}  // namespace xylem::fetcher
