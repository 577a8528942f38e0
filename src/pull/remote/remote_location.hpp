#pragma once

/// \file
/// From what a remote's configuration names to the URLs of its mirrors.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fetcher/fetcher.hpp"
#include "pull/remote/metalink.hpp"
#include "xylem/error.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// As configured, and checked to be usable.
struct RemoteLocation {
  std::string url;                        ///< Or `mirrorlist=URL`; empty with a metalink.
  std::optional<std::string> metalink;    ///< URL of a metalink that names the summary.
  std::optional<std::string> contenturl;  ///< As `url`, for objects.

  /// For messages and as a name: without credentials.
  std::string where() const;
  /// The URLs that the user named, with those of lists of mirrors, but none that are in such a
  /// list.
  std::vector<std::string> named_urls() const;
};

/// Where a remote's files are. Several URLs are mirrors of each other, best first.
struct RemoteUrls {
  std::vector<std::string> metadata;  ///< Summary, refs, detached metadata.
  std::vector<std::string> content;   ///< Objects.
  std::optional<Metalink> summary;    ///< What the summary has to be.
  /// Why the list of `contenturl` could not be had: `content` is as `metadata` then.
  std::optional<Error> lost_content;
};

/// Fetches the lists of mirrors that the location names. Throws what Fetcher::fetch throws, and
/// Error(Corrupt) for a list without a usable mirror.
asio::awaitable<RemoteUrls> resolve_location(fetcher::Fetcher& fetcher,
                                             const RemoteLocation& location);

}  // namespace xylem::pull
