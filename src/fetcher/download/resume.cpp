#include "fetcher/download/resume.hpp"

namespace xylem::fetcher {

namespace {

/// Both sides spoke, and not of the same.
template <typename T>
bool contradicts(const std::optional<T>& left, const std::optional<T>& right) {
  return left && right && *left != *right;
}

bool contradicts(const std::string& left, const std::string& right) {
  return !left.empty() && !right.empty() && left != right;
}

bool same_version(const ResumePoint& point, const ResponseHead& head) {
  if (!point.record) return true;
  if (contradicts(point.record->total, head.content_range->total)) return false;
  if (!point.same_url) return true;
  return !contradicts(point.record->validators.etag, head.validators.etag) &&
         !contradicts(point.record->validators.last_modified, head.validators.last_modified);
}

/// A server may send less than it was asked for: the first piece of a body of known size.
bool is_front(const ContentRange& range) {
  return range.first == 0 && range.total;
}

ResumeAnswer partial_content(const ResumePoint& point, const ResponseHead& head) {
  if (!head.content_range || !head.content_range->first) return ResumeAnswer::Refused;
  if (point.offset == 0)
    return is_front(*head.content_range) ? ResumeAnswer::Whole : ResumeAnswer::Refused;
  const bool fits = *head.content_range->first == point.offset && same_version(point, head);
  return fits ? ResumeAnswer::Continued : ResumeAnswer::Refused;
}

ResumeAnswer range_not_satisfiable(const ResumePoint& point, const ResponseHead& head) {
  if (point.offset == 0) return ResumeAnswer::NoBody;
  const bool at_end = head.content_range && head.content_range->total == point.offset;
  return at_end && same_version(point, head) ? ResumeAnswer::Complete : ResumeAnswer::Refused;
}

}  // namespace

ResumeAnswer resume_answer(const ResumePoint& point, const ResponseHead& head) {
  switch (head.status) {
    case 0:  // file URLs have no status; a range of them is what was asked for
      return point.offset == 0 ? ResumeAnswer::Whole : ResumeAnswer::Continued;
    case 200:
      return ResumeAnswer::Whole;
    case 206:
      return partial_content(point, head);
    case 416:
      return range_not_satisfiable(point, head);
    default:
      return ResumeAnswer::NoBody;
  }
}

}  // namespace xylem::fetcher
