#pragma once

/// \file
/// What a pull's options and the configuration of the remote mean for its parts. Pure.

#include "pull/commit/commit_puller.hpp"
#include "pull/report/messages.hpp"
#include "repo/config/remote.hpp"
#include "repo/transaction/transaction.hpp"
#include "sign/requirement.hpp"
#include "xylem/pull.hpp"

namespace xylem::pull {

/// `messages` is borrowed, for as long as the transaction lives.
repo::TransactionOptions transaction_options(const PullOptions& options, const Messages& messages);

/// What a report says, signature by signature, to an observer, which may be null.
void tell_signatures(PullObserver* observer, const Checksum& commit, const sign::Report& report);

CommitPuller::Settings commit_settings(const PullOptions& options, const repo::Remote& remote,
                                       const sign::Requirement& requirement);

}  // namespace xylem::pull
