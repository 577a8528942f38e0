#include "fetcher/http/target_cache.hpp"

namespace xylem::fetcher {

namespace {

/// More servers than anybody has mirrors: the cache has a bound.
constexpr std::size_t most_prefixes = 1000;

bool stands_for_itself(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '/' ||
         letter == '-';
}

/// Whether parsing leaves it as it is: letters that need no escape, and no name begins with a dot.
bool is_plain(std::string_view path) {
  char before = '/';
  for (const char letter : path) {
    if (!stands_for_itself(letter) && (letter != '.' || before == '/')) return false;
    before = letter;
  }
  return !path.empty();
}

/// Whether it is a URL whose path goes on behind it.
bool begins_a_path(std::string_view prefix) {
  return prefix.ends_with('/') && !prefix.ends_with("://") &&
         prefix.find_first_of("?#") == prefix.npos;
}

}  // namespace

Target TargetCache::parse(const std::string& url, std::string_view path) {
  if (!is_plain(path) || !url.ends_with(path)) return parse_target(url);
  const std::string prefix = url.substr(0, url.size() - path.size());
  auto known = prefixes_.find(prefix);
  if (known == prefixes_.end()) {
    if (!begins_a_path(prefix) || prefixes_.size() >= most_prefixes) return parse_target(url);
    known = prefixes_.emplace(prefix, parse_target(prefix)).first;
  }
  Target target = known->second;
  target.url += path;
  target.shown += path;
  return target;
}

}  // namespace xylem::fetcher
