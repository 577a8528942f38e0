#include "server/http/preconditions.hpp"

#include "base/http_date.hpp"
#include "base/text.hpp"

namespace xylem::server {

namespace {

/// Whether the list of entity tags names `etag`; weak ones count as their strong twins.
bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    std::string_view item = trimmed(list.substr(0, comma));
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == etag || item == "*") return true;
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
  return false;
}

}  // namespace

bool not_modified(const FileVersion& version, std::string_view if_none_match,
                  std::string_view if_modified_since) {
  if (!if_none_match.empty()) return names_etag(if_none_match, version.etag);
  const auto since = parse_http_date(if_modified_since);
  return since && version.modified <= *since;
}

bool range_allowed(const FileVersion& version, std::string_view if_range) {
  if (if_range.empty() || if_range == version.etag) return true;
  return parse_http_date(if_range) == version.modified;
}

}  // namespace xylem::server
