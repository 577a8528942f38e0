#include "repo/transaction/shared_staging.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.hpp"

namespace xylem::repo {

using object::ObjectName;

bool SharedStaging::try_borrow(const ObjectName& name, const StagingPeers::Peers& holders) {
  if (name.type != object::ObjectType::File || !StagingPeers::vouch(holders)) return false;
  const std::lock_guard lock(mutex_);
  borrowed_.push_back(name);
  return true;
}

std::vector<ObjectName> SharedStaging::borrowed() const {
  const std::lock_guard lock(mutex_);
  return borrowed_;
}

void SharedStaging::give_back(const ObjectName& name) {
  const std::lock_guard lock(mutex_);
  std::erase(borrowed_, name);
}

std::vector<ObjectName> SharedStaging::unpublished() const {
  std::vector<ObjectName> names = borrowed();
  std::erase_if(names, [this](const ObjectName& name) { return repo_.has(name); });
  return names;
}

std::vector<ObjectName> SharedStaging::unsettled(const CancelToken& cancel) {
  std::vector<ObjectName> names = unpublished();
  if (names.empty()) return names;
  await_turn(names.back(), cancel);
  return unpublished();
}

void SharedStaging::await_turn(const ObjectName& needed, const CancelToken& cancel) {
  constexpr std::chrono::milliseconds interval{20};
  constexpr std::chrono::seconds patience{60};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!repo_.has(needed)) {
    if (auto turn = claims_.try_claim_publishing()) {
      turn_ = std::move(*turn);
      return;
    }
    if (std::chrono::steady_clock::now() > deadline) {
      log_warning("Another pull has been publishing for too long: no longer waiting for it");
      return;
    }
    cancel.check();
    std::this_thread::sleep_for(interval);
  }
}

}  // namespace xylem::repo
