#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "fetcher/http/url.hpp"

namespace xylem::fetcher {

/// Takes URLs apart: what those of one server have in common only once. One thread.
class TargetCache {
 public:
  /// As parse_target(url). `path` is the end of the URL that names the thing itself, as
  /// Request::path; empty if there is nothing to be remembered.
  Target parse(const std::string& url, std::string_view path);

 private:
  std::unordered_map<std::string, Target> prefixes_;  ///< By the URL up to `path`.
};

}  // namespace xylem::fetcher
