// The engine's one function: a call of libostree in, what it would have done out.

#include <fmt/format.h>

#include "base/glib.hpp"
#include "interpose/call.h"
#include "interpose/error_words.hpp"
#include "interpose/host_loop.hpp"
#include "interpose/host_repository.hpp"
#include "interpose/progress.hpp"
#include "interpose/pull_call.hpp"
#include "pull/report/status_line.hpp"

namespace xylem::interpose {

namespace {

void set_note(char** note, const std::string& text) {
  g_free(*note);
  *note = g_strdup(text.c_str());
}

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

xylem_ostree_outcome fail(GErrorPtr failure, char** note, GError** error) {
  set_note(note, fmt::format("failed: {}", failure->message));
  g_propagate_error(error, failure.release());
  return XYLEM_OSTREE_FAILED;
}

/// What this build or this repository cannot do libostree perhaps can; nothing was published then.
xylem_ostree_outcome fail(const Error& failure, const xylem_ostree_call& call, char** note,
                          GError** error) {
  if (failure.kind() != ErrorKind::Unsupported)
    return fail(gerror_of(failure, is_on_server(call.repo, call.source)), note, error);
  set_note(note, failure.what());
  return XYLEM_OSTREE_LEFT;
}

}  // namespace

}  // namespace xylem::interpose

__attribute__((visibility("default"))) xylem_ostree_outcome xylem_ostree_pull(
    const xylem_ostree_call* call, char** note, GError** error) {
  using namespace xylem::interpose;
  try {
    set_note(note, pull(*call));
    return XYLEM_OSTREE_DONE;
  } catch (const NotOurs& refusal) {
    set_note(note, refusal.why);
    return XYLEM_OSTREE_LEFT;
  } catch (xylem::GErrorPtr& failure) {
    return fail(std::move(failure), note, error);
  } catch (const xylem::Error& failure) {
    return fail(failure, *call, note, error);
  } catch (const std::exception& failure) {
    return fail(
        xylem::GErrorPtr(g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, failure.what())), note,
        error);
  }
}
