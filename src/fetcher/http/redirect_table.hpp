#pragma once

/// \file
/// Where the files below a URL were redirected to, so that this is asked for once.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "fetcher/http/url.hpp"

namespace xylem::fetcher {

/// One thread.
class RedirectTable {
 public:
  /// A request for `first` was answered by `last`. That is learnt if both URLs end with `path`, a
  /// whole number of components: what is before it has been replaced. A URL with a query is not,
  /// for that may be a signature of this one file.
  void learn(const Target& first, const Target& last, std::string_view path);
  /// Whom to ask in place of `first`, with no more trust than a redirect has.
  std::optional<Target> find(const Target& first, std::string_view path) const;
  /// It does not hold any more.
  void forget(const Target& first, std::string_view path);

 private:
  std::unordered_map<std::string, std::string> prefixes_;
};

}  // namespace xylem::fetcher
