#pragma once

/// \file
/// Where requests go and with which token: URLs taken apart once, redirects that were learned, and
/// the authorization that trusted origins get.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fetcher/http/authorization.hpp"
#include "fetcher/http/redirect_table.hpp"
#include "fetcher/http/target_cache.hpp"
#include "fetcher/http/url.hpp"

namespace xylem::fetcher {

/// One thread.
class Routes {
 public:
  /// `named` as FetcherOptions::named_urls.
  Routes(AuthorizationSource source, const std::optional<std::vector<std::string>>& named)
      : authorization_(std::move(source)) {
    if (!named) return;
    trusted_.emplace();
    for (const std::string& url : *named) trusted_->insert(parse_target(url).origin);
  }

  /// As TargetCache::parse(), trusted only if the user named the origin.
  Target parse(const std::string& url, std::string_view path) {
    Target target = targets_.parse(url, path);
    target.trusted = !trusted_ || trusted_->contains(target.origin);
    return target;
  }

  /// As the functions of RedirectTable.
  std::optional<Target> redirect(const Target& first, std::string_view path) const {
    return redirects_.find(first, path);
  }
  void learn_redirect(const Target& first, const Target& last, std::string_view path) {
    redirects_.learn(first, last, path);
  }
  void forget_redirect(const Target& first, std::string_view path) {
    redirects_.forget(first, path);
  }

  /// The value of the Authorization header for requests to `target`; empty if it gets none.
  std::string token(const Target& target) {
    return target.trusted ? authorization_.value(target.shown) : "";
  }
  /// As Authorization::renew(). Only for a target that is trusted.
  bool renew_token(const Target& target, const std::string& refused) {
    return authorization_.renew(target.shown, refused);
  }

 private:
  TargetCache targets_;
  RedirectTable redirects_;
  std::optional<std::set<std::string>> trusted_;  ///< Origins.
  Authorization authorization_;
};

}  // namespace xylem::fetcher
