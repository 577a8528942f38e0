#pragma once

/// \file
/// Decides when a request may start: never more at once than the width, never when the memory
/// budget is used up, metadata before content, otherwise first come, first served.

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "fetcher/download/budget.hpp"
#include "fetcher/request/request.hpp"
#include "task/event.hpp"

namespace xylem::fetcher {

class RequestQueue;

/// The right to have one request in flight, until it is destroyed.
class Admission {
 public:
  explicit Admission(RequestQueue& queue, BudgetShare share)
      : share(std::move(share)), queue_(&queue) {}
  Admission(Admission&& other) noexcept
      : share(std::move(other.share)), queue_(std::exchange(other.queue_, nullptr)) {}
  Admission& operator=(Admission&&) = delete;
  ~Admission();

  BudgetShare share;  ///< For the body; may be moved away to live longer.

 private:
  RequestQueue* queue_;
};

/// One thread, except for the budget. Must outlive its admissions.
class RequestQueue {
 public:
  /// `on_idle` is called when no request is in flight any more. Must not throw.
  RequestQueue(boost::asio::any_io_executor executor, Waits& waits, std::uint64_t memory_budget,
               unsigned width, std::function<void()> on_idle);
  RequestQueue(const RequestQueue&) = delete;
  RequestQueue& operator=(const RequestQueue&) = delete;
  ~RequestQueue() { budget_->detach(); }

  /// Waits until a request may start. Throws Error(Cancelled).
  boost::asio::awaitable<Admission> admit(Priority priority);

  void set_width(unsigned width);
  unsigned width() const { return width_; }
  unsigned in_flight() const { return in_flight_; }
  bool has_waiting() const { return !lines_[0].empty() || !lines_[1].empty(); }

 private:
  friend class Admission;
  struct Ticket;

  void leave();
  void pump();
  std::deque<Ticket*>* next_line();

  boost::asio::any_io_executor executor_;
  Waits& waits_;
  std::shared_ptr<int> alive_ = std::make_shared<int>();
  std::shared_ptr<Budget> budget_;
  unsigned width_;
  std::function<void()> on_idle_;
  unsigned in_flight_ = 0;
  std::array<std::deque<Ticket*>, 2> lines_;  ///< By Priority.
};

}  // namespace xylem::fetcher
