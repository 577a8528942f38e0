#include "fetcher/transfer/speed_watch.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace xylem::fetcher {

using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds interval{1000};

std::string silent_for(std::chrono::seconds time) {
  return fmt::format("nothing came for {} seconds", time.count());
}

std::string slow_reason(const HostSpeed& host, std::uint32_t limit) {
  if (host.bytes == 0) return silent_for(host.window);
  return fmt::format("less than {} bytes a second came from the server for {} seconds", limit,
                     host.window.count());
}

/// Why the transfer has to end; empty if it may go on. One that has just begun may.
std::string reason_to_end(const HostSpeed& host, const WatchedTransfer& transfer,
                          Clock::time_point now) {
  if (transfer.limit == 0 || !transfer.window.full(now)) return "";
  if (is_slow(host, transfer.limit)) return slow_reason(host, transfer.limit);
  if (is_dead(host, transfer.window.bytes()))
    return silent_for(host.window) + ", while other requests to the server went on";
  return "";
}

}  // namespace

SpeedWatch::SpeedWatch(const boost::asio::any_io_executor& executor, std::chrono::seconds patience,
                       std::function<void()> on_look)
    : patience_(patience), on_look_(std::move(on_look)), timer_(executor, [this] { look(); }) {}

void SpeedWatch::add(WatchedTransfer& transfer) {
  const auto now = Clock::now();
  Server& server = servers_.try_emplace(transfer.origin, patience_).first->second;
  if (server.transfers.empty()) {
    server.window.reset();
    server.window.note(server.received, now);
  }
  server.transfers.insert(&transfer);
  transfer.window.note(0, now);
  if (server.transfers.size() == 1) timer_.set(interval);
}

void SpeedWatch::remove(WatchedTransfer& transfer) {
  const auto found = servers_.find(transfer.origin);
  if (found != servers_.end()) found->second.transfers.erase(&transfer);
}

void SpeedWatch::received(WatchedTransfer& transfer, std::uint64_t bytes) {
  transfer.received += bytes;
  const auto found = servers_.find(transfer.origin);
  if (found != servers_.end()) found->second.received += bytes;
}

void SpeedWatch::look() {
  bool busy = false;
  if (std::exchange(held_back_, false)) forget_speeds();
  const auto now = Clock::now();
  for (auto& [origin, server] : servers_) {
    if (server.transfers.empty()) continue;
    busy = true;
    look_at(server, now);
  }
  on_look_();
  if (busy) timer_.set(interval);
}

// All transfers of a server are looked at before one is ended, because that changes the set. After
// some have ended the server has the whole patience again.
void SpeedWatch::look_at(Server& server, Clock::time_point now) {
  server.window.note(server.received, now);
  for (WatchedTransfer* transfer : server.transfers) transfer->window.note(transfer->received, now);
  if (patience_ == std::chrono::seconds::zero() || !server.window.full(now)) return;
  const HostSpeed speed{server.window.bytes(), server.transfers.size(), patience_};
  std::vector<std::pair<WatchedTransfer*, std::string>> ending;
  for (WatchedTransfer* transfer : server.transfers)
    if (std::string reason = reason_to_end(speed, *transfer, now); !reason.empty())
      ending.emplace_back(transfer, std::move(reason));
  if (ending.empty()) return;
  server.window.reset();
  server.window.note(server.received, now);
  for (auto& [transfer, reason] : ending) transfer->end(std::move(reason));
}

void SpeedWatch::forget_speeds() {
  for (auto& [origin, server] : servers_) {
    server.window.reset();
    for (WatchedTransfer* transfer : server.transfers) transfer->window.reset();
  }
}

}  // namespace xylem::fetcher
