#include "xylem/cancel.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "xylem/error.hpp"

namespace xylem {

namespace detail {

struct CancelState {
  std::atomic<bool> cancelled{false};
  std::mutex mutex;
  std::condition_variable idle;
  // Guarded by mutex.
  std::map<unsigned long, std::function<void()>> callbacks;
  unsigned long next_id = 1;
  unsigned long running = 0;  ///< Id of the callback that is running, 0 if none is.
  std::thread::id runner;

  void cancel() {
    std::unique_lock lock(mutex);
    if (cancelled.exchange(true)) return;
    runner = std::this_thread::get_id();
    while (!callbacks.empty()) {
      auto entry = callbacks.extract(callbacks.begin());
      running = entry.key();
      lock.unlock();
      entry.mapped()();
      entry = {};  // what it captured may hold a registration, which needs the mutex
      lock.lock();
      running = 0;
      idle.notify_all();
    }
  }

  void remove(unsigned long id) {
    decltype(callbacks)::node_type removed;  // destroyed after the mutex is free, as in cancel()
    std::unique_lock lock(mutex);
    removed = callbacks.extract(id);
    // A callback may destroy its own registration; waiting for itself would never end.
    if (runner == std::this_thread::get_id()) return;
    idle.wait(lock, [&] { return running != id; });
  }
};

}  // namespace detail

CancelRegistration::CancelRegistration(CancelRegistration&& other) noexcept
    : state_(std::move(other.state_)), id_(std::exchange(other.id_, 0)) {}

CancelRegistration& CancelRegistration::operator=(CancelRegistration&& other) noexcept {
  CancelRegistration taken(std::move(other));
  std::swap(state_, taken.state_);
  std::swap(id_, taken.id_);
  return *this;
}

CancelRegistration::~CancelRegistration() {
  if (state_) state_->remove(id_);
}

bool CancelToken::cancelled() const noexcept {
  return state_ && state_->cancelled;
}

void CancelToken::check() const {
  if (cancelled()) throw Error(ErrorKind::Cancelled, "Operation was cancelled");
}

CancelRegistration CancelToken::on_cancel(std::function<void()> callback) const {
  CancelRegistration registration;
  if (!state_) return registration;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->cancelled) {
      registration.id_ = state_->next_id++;
      state_->callbacks.emplace(registration.id_, std::move(callback));
      registration.state_ = state_;
      return registration;
    }
  }
  callback();
  return registration;
}

CancelSource::CancelSource() : state_(std::make_shared<detail::CancelState>()) {}

void CancelSource::cancel() const {
  state_->cancel();
}

}  // namespace xylem
