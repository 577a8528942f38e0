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
/// content, or when the server had refused already. A 403 is no word on whether the file is there.
Verdict classify(CURLcode code, long status);

/// Whether the server or a proxy does not let us in: asking again with the same credentials can
/// only lock an account.
bool is_login_refusal(long status);
/// Whether the server, not the file, has a problem that passes: it is asked less, and waited for.
bool is_overload(long status);
/// As above, for a request that curl says has failed without an answer.
bool is_unreachable(CURLcode code);

/// Whether what curl says of a TLS connection means that the server does not take our certificate.
bool is_certificate_refusal(std::string_view reason);

/// The next step for a person; empty if there is none to give.
std::string_view failure_hint(CURLcode code, long status);

}  // namespace xylem::fetcher
