#pragma once

#include <cstdint>
#include <functional>

#include "pull/downloads/download_dir.hpp"
#include "pull/downloads/pull_record.hpp"
#include "repo/transaction/transaction.hpp"
#include "task/ticker.hpp"

namespace xylem::pull {

/// What other processes see of a running pull: its directories stay young, whoever looks at the
/// transfers of the repository learns how far it is, and can ask it to end. Lives on the pull's
/// executor.
class Presence {
 public:
  /// What it needs of the pull.
  struct Callbacks {
    std::function<std::uint64_t()> bytes_received;
    std::function<void()> on_abort;  ///< Somebody has asked for the end; called more than once.
  };

  /// Borrows both; `download_dir` is null if the pull downloads nothing.
  Presence(asio::any_io_executor executor, const repo::Transaction& transaction,
           DownloadDir* download_dir, PullRecord record, Callbacks callbacks);

  /// Until stop().
  void start();
  /// The directories go now: they are not touched any more.
  void leave_directories() { keep_alive_.stop(); }
  void stop();

 private:
  void touch() const;
  void meet_others();

  asio::any_io_executor executor_;
  const repo::Transaction& transaction_;
  DownloadDir* download_dir_;
  PullRecord record_;
  Callbacks callbacks_;
  Ticker keep_alive_;
  Ticker tell_others_;
};

}  // namespace xylem::pull
