#include "fetcher/policy/retry_policy.hpp"

#include <algorithm>

#include "fetcher/policy/width.hpp"

namespace xylem::fetcher {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_backoff{100};

/// 100 ms, 400 ms, 800 ms, 1.6 s, … up to longest_backoff.
milliseconds backoff_ceiling(unsigned retry) {
  if (retry <= 1) return first_backoff;
  constexpr unsigned enough = 16;  // doublings that pass the longest backoff
  return std::min(first_backoff * (1L << std::min(retry, enough)), longest_backoff);
}

}  // namespace

milliseconds retry_delay(unsigned retry, std::optional<std::uint32_t> retry_after, double dice) {
  const auto ceiling = static_cast<double>(backoff_ceiling(retry).count());
  const milliseconds backoff{static_cast<milliseconds::rep>(ceiling * dice)};
  if (!retry_after) return backoff;
  const std::chrono::seconds asked{*retry_after};
  return backoff + std::min<milliseconds>(asked, longest_retry_after);
}

std::uint64_t host_retry_limit(unsigned retries) {
  return std::uint64_t{most_requests} * retries;
}

std::uint64_t total_retry_limit(unsigned retries) {
  constexpr std::uint64_t hosts = 4;
  return hosts * host_retry_limit(retries);
}

bool may_pass(Recovery recovery, bool retry_all_errors) {
  return recovery == Recovery::Likely || (recovery == Recovery::Perhaps && retry_all_errors);
}

}  // namespace xylem::fetcher
