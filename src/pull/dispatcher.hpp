#pragma once

#include <deque>
#include <functional>

#include "pull/task_group.hpp"

namespace xylem::pull {

/// Runs one coroutine for each item that is pushed, at most `width` at a time, first come first
/// served. Its workers are tasks of the group, so the group's join() waits for all items; after a
/// failure of the group the items that wait are dropped. Used from the group's executor only.
template <typename Item>
class Dispatcher {
 public:
  using Work = std::function<asio::awaitable<void>(Item)>;

  Dispatcher(TaskGroup& group, std::size_t width, Work work)
      : group_(group), width_(width), work_(std::move(work)) {}

  void push(Item item) {
    waiting_.push_back(std::move(item));
    if (workers_ >= width_) return;
    ++workers_;
    group_.spawn(run());
  }

 private:
  asio::awaitable<void> run() {
    while (!waiting_.empty() && !group_.failed()) {
      Item item = std::move(waiting_.front());
      waiting_.pop_front();
      co_await work_(std::move(item));
    }
    --workers_;
  }

  TaskGroup& group_;
  std::size_t width_;
  Work work_;
  std::deque<Item> waiting_;
  std::size_t workers_ = 0;
};

}  // namespace xylem::pull
