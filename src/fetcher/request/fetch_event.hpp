#pragma once

#include <string>

namespace xylem::fetcher {

/// A request that failed and is not given up. No field holds a secret.
struct FetchEvent {
  std::string url;     ///< That failed.
  std::string reason;  ///< "Server returned HTTP 503", or what curl says.
  std::string next;    ///< The mirror that is asked instead; empty if it is the same again.
  int attempt = 1;     ///< Of this fetch, counted over all mirrors.
};

}  // namespace xylem::fetcher
