#pragma once

/// \file
/// What importing a directory and importing a commit share.

#include <memory>

#include "task/task_pool.hpp"
#include "tree/commit/consumption.hpp"
#include "tree/commit/devino_cache.hpp"
#include "tree/commit_filter.hpp"
#include "tree/commit_request.hpp"
#include "tree/object_writer.hpp"

namespace xylem::tree {

/// The tree that is filled must outlive it: tasks may run until it is gone.
struct ImportContext {
  ImportContext(const CommitRequest& commit_request, repo::Transaction& transaction)
      : request(commit_request),
        writer(transaction, request.modifier.generate_sizes),
        filter(request.modifier, writer.repo().mode()),
        pool(request.threads) {}

  const CommitRequest& request;
  ObjectWriter writer;
  CommitFilter filter;
  std::unique_ptr<DevinoCache> devino;  ///< Null: no file is looked up by its inode.
  std::uint64_t cache_hits = 0;
  std::vector<SeenDir> seen;  ///< For consume().
  TaskPool pool;              ///< Last: its tasks use all of the above.

  const repo::Repo& repo() { return writer.repo(); }
  /// Whether extended attributes get in at all.
  bool keeps_xattrs() { return filter.keeps_xattrs() && !repo().config().disable_xattrs; }
};

}  // namespace xylem::tree
