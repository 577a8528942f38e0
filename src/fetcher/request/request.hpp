#pragma once

/// \file
/// Room `fetcher/request`: the values that go into a fetcher and come out of it. Knows nothing of
/// curl, Asio, files.
///
/// What is asked of a fetcher: values only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xylem::fetcher {

class BodyWatcher;

/// What a server said about the version of a body, for conditional and range requests.
struct Validators {
  std::string etag;
  std::string last_modified;  ///< The header's text.
  bool empty() const { return etag.empty() && last_modified.empty(); }

  bool operator==(const Validators&) const = default;
};

/// Lower goes first.
enum class Priority { Metadata, Content };

struct Request {
  /// The same thing at one or several mirrors, best first: http, https or file.
  std::vector<std::string> urls;
  /// The body may not be larger; 0 is no limit. Passing it is Error(Corrupt), never retried.
  std::uint64_t max_size = 0;
  /// File name for a large body, unique to its content (`<checksum>.filez`). A partial file of this
  /// name in the download directory is continued. Empty: a large body still goes to a file, but is
  /// not continued later.
  std::string resume_name;
  /// The end of each URL that names the thing itself, "objects/ab/cd.filez". A redirect that keeps
  /// it holds for all that has the same beginning: it is learnt, and not asked for again. Empty:
  /// each redirect is for itself.
  std::string path;
  /// Answer "not modified" if it has not changed.
  std::optional<Validators> unless_modified;
  /// What is behind the name may change: a partial file is continued only if it is known to be of
  /// the same version.
  bool may_change = false;
  /// It is never a web page: one that comes is a failure that may pass, and says who sent it.
  bool never_page = false;
  /// Ask caches on the way to fetch it anew, and forget a partial file.
  bool no_cache = false;
  /// Accept a body in gzip and the like, inflated as it comes; for what is neither large nor
  /// resumed.
  bool compressed = false;
  /// Response::mirror of those that are not to be asked, because their bytes were bad.
  std::vector<std::string> avoid;
  /// It may well not exist: if some mirrors lack it and the others have just failed, it does not.
  bool optional = false;
  Priority priority = Priority::Content;
  /// Told of a body that goes to a file and whose size is announced; borrowed, may be null.
  BodyWatcher* watcher = nullptr;
};

}  // namespace xylem::fetcher
