#include "fetcher/policy/mirrors.hpp"

#include <algorithm>

namespace xylem::fetcher {

void Mirrors::failed(const std::string& origin, std::optional<std::uint32_t> retry_after) {
  const SteadyTime now = std::chrono::steady_clock::now();
  MirrorHealth& server = servers_[origin];
  server.failed(now);
  if (retry_after)
    server.load.pause_until(now +
                            std::min(std::chrono::seconds(*retry_after), longest_retry_after));
}

bool Mirrors::turned_away(const std::string& origin, SteadyTime began, bool narrowest) {
  std::uniform_real_distribution<double> uniform(0, 1);
  return servers_[origin].load.turned_away(began, std::chrono::steady_clock::now(), narrowest,
                                           uniform(dice_));
}

std::chrono::milliseconds Mirrors::take_turn(const std::string& origin) {
  return std::chrono::ceil<std::chrono::milliseconds>(
      servers_[origin].load.take_turn(std::chrono::steady_clock::now()));
}

void Mirrors::succeeded(const std::string& origin, std::uint64_t bytes,
                        std::chrono::steady_clock::duration time) {
  MirrorHealth& server = servers_[origin];
  server.succeeded(bytes, time);
  server.load.succeeded();
  server.retries.earn();
  budget_.earn();
}

bool Mirrors::spend_retry(const std::string& origin) {
  return servers_[origin].retries.spend(host_retry_limit(retries_)) &&
         budget_.spend(total_retry_limit(retries_));
}

std::chrono::milliseconds Mirrors::delay(unsigned retry, std::optional<std::uint32_t> retry_after) {
  std::uniform_real_distribution<double> uniform(0, 1);
  return retry_delay(retry, retry_after, uniform(dice_));
}

std::chrono::milliseconds Mirrors::quiet_time(const std::string& origin) const {
  const auto server = servers_.find(origin);
  if (server == servers_.end()) return {};
  return std::chrono::ceil<std::chrono::milliseconds>(
      server->second.load.wait(std::chrono::steady_clock::now()));
}

MirrorHealth Mirrors::health(const std::string& origin) const {
  const auto found = servers_.find(origin);
  return found == servers_.end() ? MirrorHealth{} : found->second;
}

}  // namespace xylem::fetcher
