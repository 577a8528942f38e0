#pragma once

/// \file
/// Files of a remote repository by their path: adds the remote's URLs, and nothing of objects.

#include <optional>
#include <string>
#include <vector>

#include "fetcher/fetcher.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// Where a remote's files are. Several URLs are mirrors of each other.
struct RemoteUrls {
  std::vector<std::string> metadata;  ///< `url`: summary, refs, detached metadata.
  std::vector<std::string> content;   ///< `contenturl`: objects; the same as `metadata` without.
};

class RemoteFiles {
 public:
  RemoteFiles(fetcher::Fetcher& fetcher, RemoteUrls urls)
      : fetcher_(fetcher), urls_(std::move(urls)) {}

  fetcher::Fetcher& fetcher() { return fetcher_; }
  /// The first URL without credentials, for messages.
  std::string where() const;

  /// A small file such as `summary`, as a whole; nullopt if the server does not have it. `max_size`
  /// is in bytes; 0 is no limit.
  asio::awaitable<std::optional<Bytes>> try_fetch(std::string path, std::uint64_t max_size);

  /// An object's path below `content` (or, with detached metadata, `metadata`).
  struct ObjectRequest {
    std::string path;
    std::uint64_t max_size = 0;
    bool metadata_url = false;
    bool no_cache = false;
    fetcher::Priority priority = fetcher::Priority::Content;
    std::string resume_name;
  };
  /// Throws Error(NotFound) like everything that Fetcher::fetch throws.
  asio::awaitable<fetcher::Response> fetch(ObjectRequest request);

 private:
  std::vector<std::string> urls_for(const std::vector<std::string>& bases,
                                    const std::string& path) const;

  fetcher::Fetcher& fetcher_;
  RemoteUrls urls_;
};

/// The body as bytes, wherever it is; a file is removed.
Bytes take_bytes(fetcher::Fetcher& fetcher, fetcher::Response response);

}  // namespace xylem::pull
