#pragma once

#include <deque>
#include <functional>

#include "task/task_group.hpp"

namespace xylem {

/// Runs one coroutine for each item that is pushed, at most `width` (1 or more) at a time, first
/// come first served. Its workers are tasks of the group, so the group's join() waits for all
/// items; after a failure of the group the items that wait are dropped. Used from the group's
/// executor only.
template <typename Item>
class Dispatcher {
 public:
  using Work = std::function<asio::awaitable<void>(Item)>;

  /// A width that may change.
  using Width = std::function<std::size_t()>;

  Dispatcher(TaskGroup& group, Width width, Work work)
      : group_(group), width_(std::move(width)), work_(std::move(work)) {}
  Dispatcher(TaskGroup& group, std::size_t width, Work work)
      : Dispatcher(group, Width([width] { return width; }), std::move(work)) {}

  void push(Item item) {
    waiting_.push_back(std::move(item));
    add_worker();
  }

 private:
  void add_worker() {
    if (waiting_.empty() || workers_ >= width_()) return;
    ++workers_;
    group_.spawn(run());
  }

  asio::awaitable<void> run() {
    while (!waiting_.empty() && !group_.failed() && workers_ <= width_()) {
      Item item = std::move(waiting_.front());
      waiting_.pop_front();
      co_await work_(std::move(item));
      add_worker();
    }
    --workers_;
  }

  TaskGroup& group_;
  Width width_;
  Work work_;
  std::deque<Item> waiting_;
  std::size_t workers_ = 0;
};

}  // namespace xylem
