#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "pull/report/counters.hpp"
#include "pull/report/messages.hpp"
#include "pull/source/object_sizes.hpp"
#include "repo/transaction/transaction.hpp"
#include "task/task_group.hpp"
#include "task/work_pool.hpp"

namespace xylem::pull {

/// What all parts of one pull work with. Everything is borrowed, and outlives every part.
struct PullContext {
  asio::any_io_executor executor;  ///< Where the parts run, one at a time.
  TaskGroup& group;                ///< Its first failure ends the pull.
  WorkPool& pool;                  ///< For what computes or blocks.
  repo::Transaction& transaction;
  Counters& counters;
  ObjectSizes& sizes;  ///< Of the commits accepted so far.
  const Messages& messages;

  /// A file has come from the network, or from a repository on this machine.
  void count_fetched(const Checksum& file) const {
    ++counters.content_fetched;
    counters.content_bytes_done += sizes.archived(file).value_or(0);
  }
  void count_imported(const Checksum& file) const {
    ++counters.content_imported;
    counters.content_bytes_done += sizes.archived(file).value_or(0);
  }
};

}  // namespace xylem::pull
