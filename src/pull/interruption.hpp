#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "task/task_group.hpp"
#include "xylem/cancel.hpp"

namespace xylem::pull {

namespace asio = boost::asio;

/// What ends a pull from outside: its deadline, its caller, another process. Each one fails the
/// pull's group. Lives on the pull's executor.
class Interruption {
 public:
  /// Both are borrowed.
  Interruption(asio::io_context& io, TaskGroup& group) : io_(io), group_(group), deadline_(io) {}

  /// From now on the group fails when `token` is cancelled, as long as the result lives.
  [[nodiscard]] CancelRegistration watch(const CancelToken& token);
  /// From now on the group fails with Error(Timeout) after `limit`; zero is no limit.
  void set_deadline(std::chrono::seconds limit);
  /// Another process has asked for the end.
  void abort();
  /// The pull is over: there is no deadline any more.
  void stop() { deadline_.cancel(); }

 private:
  asio::io_context& io_;
  TaskGroup& group_;
  asio::steady_timer deadline_;
};

}  // namespace xylem::pull
