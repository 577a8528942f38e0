#pragma once

/// \file
/// The token that a callback gives, asked for again when a server refuses it.

#include <functional>
#include <optional>
#include <string>

namespace xylem::fetcher {

/// Returns the value of the `Authorization` header for requests to `url` ("Bearer …"), or nothing.
/// `refused` is the value that the server has just answered with a 401, empty at first. Called on
/// the fetcher's thread, which waits.
using AuthorizationSource =
    std::function<std::optional<std::string>(const std::string& url, const std::string& refused)>;

/// One thread.
class Authorization {
 public:
  explicit Authorization(AuthorizationSource source) : source_(std::move(source)) {}

  /// Empty if there is none.
  const std::string& value(const std::string& url);
  /// A server has refused `used`; true if there is another value to try now. Of many requests that
  /// are refused with the same value, one asks.
  bool renew(const std::string& url, const std::string& used);

 private:
  AuthorizationSource source_;
  std::optional<std::string> value_;
};

}  // namespace xylem::fetcher
