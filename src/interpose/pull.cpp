// A pull: a call of libostree in, what it would have done out.

#include "interpose/call.h"
#include "interpose/host_loop.hpp"
#include "interpose/host_repository.hpp"
#include "interpose/outcome.hpp"
#include "interpose/progress.hpp"
#include "interpose/pull_call.hpp"
#include "pull/report/status_line.hpp"

namespace xylem::interpose {

namespace {

/// Once libostree has its lock, the engine shares it.
PullResult pull_with_lock(const xylem_ostree_call& call, const PullCall& pull,
                          ProgressKeys& progress) {
  const HostLock lock(call.repo, call.cancellable);
  const Repository repository = open_host(call.repo);
  const CancelSource cancel;
  PullResult result;
  run_beside_host([&] { result = repository.pull(pull.options, &progress, cancel.token()); },
                  call.cancellable, cancel);
  return result;
}

std::string pull(const xylem_ostree_call& call) {
  PullCall pull = translate(call.source, call.options);
  apply_host_settings(call.repo, pull.options);
  if (call.cache_dir != nullptr) pull.options.cache_dir = call.cache_dir;
  ProgressKeys progress(call.progress);
  const PullResult result = pull_with_lock(call, pull, progress);
  if (pull.in_transaction) set_refs(call.repo, pull.options.remote, result);
  tell_gpg_results(call.repo, pull.options, result, call.cancellable);
  std::string status = pull::status_line(result);
  progress.finish(status);
  return status;
}

}  // namespace

}  // namespace xylem::interpose

__attribute__((visibility("default"))) xylem_ostree_outcome xylem_ostree_pull(
    const xylem_ostree_call* call, char** note, GError** error) {
  using namespace xylem::interpose;
  return outcome_of(
      *call, [&] { return pull(*call); }, note, error);
}
