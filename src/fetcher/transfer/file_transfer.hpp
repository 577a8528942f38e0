#pragma once

/// \file
/// The exchange with a file of this machine, in place of one with a server.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>

#include "fetcher/transfer/transfer.hpp"

namespace xylem::fetcher {

/// Reads files on a thread of its own, which begins with the first one: a slow disk or a network
/// file system must not hold up transfers. One thread calls.
class FileReader {
 public:
  /// Body and size of the file that `url` names go to the receiver, piece by piece; both are
  /// borrowed, as is `traffic`. A file that cannot be read is a result with
  /// CURLE_FILE_COULDNT_READ_FILE. Throws Error(Cancelled), and whatever the receiver threw.
  boost::asio::awaitable<TransferResult> read(std::string url, BodyReceiver& receiver, Waits& waits,
                                              Traffic& traffic);

 private:
  boost::asio::thread_pool& pool();

  std::optional<boost::asio::thread_pool> pool_;
};

}  // namespace xylem::fetcher
