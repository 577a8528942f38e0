#pragma once

/// \file
/// One failed try, and how it is told.

#include <cstdint>
#include <optional>
#include <string>

#include "fetcher/policy/classify.hpp"
#include "fetcher/transfer/transfer.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

struct Failure {
  Verdict verdict;
  std::string reason;  ///< "Server returned HTTP 503", or what curl says.
  std::string hint;
  std::string url;  ///< Without credentials.
  long status = 0;
  bool is_page = false;  ///< A web page came in place of the file.
  bool of_host = false;  ///< The server, or the way to it, has a problem, and not this file.
  std::optional<std::uint32_t> retry_after;  ///< Seconds.
};

/// Why the result of a transfer from `url` (without credentials) is no success.
Failure failure_of(const TransferResult& result, std::string url);

/// The server redirects where nobody can go.
Failure bad_redirect(const Target& target, std::string reason);
/// A body that is too large, or that is damaged: another mirror may have a better one.
Failure bad_body(const Error& error, const Target& target);

/// Pure. Whether, of several mirrors' failures, the later says more than the earlier one: that one
/// mirror lacks the file says less than any other failure.
bool tells_more(const Failure& later, const Failure& earlier);

/// Pure. Whether the server could not be reached at all, though it may be later.
bool is_offline(const Failure& failure);

/// Pure. Whether fewer requests at once may help: the server has more than it can take, cannot be
/// reached, or tears connections.
bool is_pushback(const Failure& failure);

/// Pure. Whether the server's word may mean that it lacks the file: a store that may not be listed
/// says 403 of what it does not have.
bool may_be_missing(const Failure& failure);
/// Pure. For one who can do without the file: whatever the server said, it is not there.
Failure as_missing(Failure failure);

/// The error for the caller.
Error to_error(const Failure& failure, int attempts);

}  // namespace xylem::fetcher
