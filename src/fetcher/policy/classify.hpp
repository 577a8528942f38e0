#pragma once

/// \file
/// What a failed request means, decided in this one place.

#include <curl/curl.h>

#include <string_view>

#include "xylem/error.hpp"

namespace xylem::fetcher {

/// Whether the same request may succeed later.
enum class Recovery {
  Never,
  Perhaps,  ///< Not known to pass; tried again if FetcherOptions::retry_all_errors says so.
  Likely,
};

struct Verdict {
  ErrorKind kind = ErrorKind::Network;
  Recovery recovery = Recovery::Perhaps;

  bool operator==(const Verdict&) const = default;
};

/// Pure. `status` is the last HTTP status, 0 if there was none; it counts when curl itself is
/// content, or when the server had refused already.
Verdict classify(CURLcode code, long status);

/// The next step for a person; empty if there is none to give.
std::string_view failure_hint(CURLcode code, long status);

}  // namespace xylem::fetcher
