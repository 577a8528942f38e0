#pragma once

/// \file
/// Cooperative cancellation, usable from any thread and from a signal-watching one.

#include <functional>
#include <memory>

namespace xylem {

namespace detail {
struct CancelState;
}

/// Calls back once when its token is cancelled. Destroying it unregisters; the destructor waits for
/// a callback that is running on another thread.
class CancelRegistration {
 public:
  CancelRegistration() = default;
  CancelRegistration(CancelRegistration&& other) noexcept;
  CancelRegistration& operator=(CancelRegistration&& other) noexcept;
  ~CancelRegistration();

 private:
  friend class CancelToken;
  std::shared_ptr<detail::CancelState> state_;
  unsigned long id_ = 0;
};

/// Asks "should I stop?". A default-made token is never cancelled. Cheap to copy.
class CancelToken {
 public:
  CancelToken() = default;
  bool cancelled() const noexcept;
  /// Throws Error(Cancelled) when cancelled.
  void check() const;
  /// `callback` runs on the thread that cancels, or at once when it has happened already. It must
  /// not throw.
  [[nodiscard]] CancelRegistration on_cancel(std::function<void()> callback) const;

 private:
  friend class CancelSource;
  explicit CancelToken(std::shared_ptr<detail::CancelState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::CancelState> state_;
};

/// The side that cancels. Thread-safe; cancelling twice is the same as once.
class CancelSource {
 public:
  CancelSource();
  CancelToken token() const { return CancelToken(state_); }
  void cancel() const;

 private:
  std::shared_ptr<detail::CancelState> state_;
};

}  // namespace xylem
