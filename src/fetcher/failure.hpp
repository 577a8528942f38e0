#pragma once

/// \file
/// One failed try, and how it is told.

#include <cstdint>
#include <optional>
#include <string>

#include "fetcher/policy/classify.hpp"
#include "fetcher/transfer.hpp"
#include "xylem/error.hpp"

namespace xylem::fetcher {

struct Failure {
  Verdict verdict;
  std::string reason;  ///< "HTTP status 503", or what curl says.
  std::string hint;
  std::string url;  ///< Without credentials.
  long status = 0;
  std::optional<std::uint32_t> retry_after;  ///< Seconds.
};

/// Why the result of a transfer from `url` (without credentials) is no success.
Failure failure_of(const TransferResult& result, std::string url);

/// Pure. Whether, of several mirrors' failures, the later says more than the earlier one: that one
/// mirror lacks the file says less than any other failure.
bool tells_more(const Failure& later, const Failure& earlier);

/// Pure. Whether the server could not be reached at all, though it may be later.
bool is_offline(const Failure& failure);

/// Pure. Whether the server has more requests than it likes, or tears connections.
bool is_pushback(const Failure& failure);

/// The error for the caller.
Error to_error(const Failure& failure, int attempts);

}  // namespace xylem::fetcher
