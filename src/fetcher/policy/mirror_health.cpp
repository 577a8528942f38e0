#include "fetcher/policy/mirror_health.hpp"

#include <algorithm>
#include <numeric>

namespace xylem::fetcher {

namespace {

/// A mirror this many times slower than the fastest one is slow.
constexpr double slow_factor = 4;
constexpr double weight_of_news = 0.3;

std::chrono::seconds sideline(unsigned failures) {
  constexpr unsigned enough = 10;  // doublings that pass the longest time
  return std::min(first_sideline * (1 << std::min(failures - 1, enough)), longest_sideline);
}

int rank(const MirrorHealth& mirror, double fastest, SteadyTime now) {
  if (mirror.sidelined(now) || mirror.load.wait(now).count() > 0) return 2;
  return mirror.bytes_per_second > 0 && mirror.bytes_per_second * slow_factor < fastest ? 1 : 0;
}

}  // namespace

void MirrorHealth::failed(SteadyTime now) {
  if (sidelined(now)) return;
  ++failures;
  sidelined_until = now + sideline(failures);
}

void MirrorHealth::succeeded(std::uint64_t bytes, std::chrono::steady_clock::duration time) {
  failures = 0;
  sidelined_until = {};
  const double seconds = std::chrono::duration<double>(time).count();
  if (bytes < least_measured_body || seconds <= 0) return;
  const double measured = static_cast<double>(bytes) / seconds;
  bytes_per_second = bytes_per_second == 0
                         ? measured
                         : bytes_per_second * (1 - weight_of_news) + measured * weight_of_news;
}

std::vector<std::size_t> mirror_order(std::span<const MirrorHealth> mirrors, SteadyTime now) {
  double fastest = 0;
  for (const auto& mirror : mirrors)
    if (!mirror.sidelined(now)) fastest = std::max(fastest, mirror.bytes_per_second);
  std::vector<std::size_t> order(mirrors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {},
                           [&](std::size_t index) { return rank(mirrors[index], fastest, now); });
  return order;
}

}  // namespace xylem::fetcher
