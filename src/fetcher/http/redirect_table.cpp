#include "fetcher/http/redirect_table.hpp"

namespace xylem::fetcher {

namespace {

/// The URL up to the slash before `path`; nullopt if it does not end with that.
std::optional<std::string> prefix_of(const std::string& url, std::string_view path) {
  if (path.empty() || !url.ends_with(path)) return std::nullopt;
  std::string prefix = url.substr(0, url.size() - path.size());
  if (!prefix.ends_with('/') || prefix.find('?') != prefix.npos) return std::nullopt;
  return prefix;
}

}  // namespace

void RedirectTable::learn(const Target& first, const Target& last, std::string_view path) {
  if (first.url == last.url) return;
  const auto from = prefix_of(first.url, path);
  const auto to = prefix_of(last.url, path);
  if (from && to) prefixes_.insert_or_assign(*from, *to);
}

std::optional<Target> RedirectTable::find(const Target& first, std::string_view path) const {
  if (prefixes_.empty()) return std::nullopt;
  const auto from = prefix_of(first.url, path);
  const auto known = from ? prefixes_.find(*from) : prefixes_.end();
  if (known == prefixes_.end()) return std::nullopt;
  return redirect_target(first, std::string(known->second).append(path));
}

void RedirectTable::forget(const Target& first, std::string_view path) {
  if (const auto from = prefix_of(first.url, path)) prefixes_.erase(*from);
}

}  // namespace xylem::fetcher
