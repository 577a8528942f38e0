#pragma once

/// \file
/// What stands between the filter, which is C and always loaded, and the engine, which is C++ and
/// loaded at the first pull.

#include <ostree.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A call of ostree_repo_pull_with_options(), with what else the caller has said of its repository.
/// Everything is borrowed; what may be NULL there may be NULL here.
struct xylem_ostree_call {
  OstreeRepo* repo;
  const char* source;  ///< The name of a remote, or a file:// URL.
  GVariant* options;
  OstreeAsyncProgress* progress;
  GCancellable* cancellable;
  const char* cache_dir;  ///< Of ostree_repo_set_cache_dir(); NULL is the repository's own.
};

enum xylem_ostree_outcome {
  XYLEM_OSTREE_LEFT,    ///< Nothing was changed: libostree must do it. The note says why.
  XYLEM_OSTREE_FAILED,  ///< The error is set.
  XYLEM_OSTREE_DONE,
};

/// Pulls on threads of its own, while this one runs its default main context, as libostree would.
/// No thread is left when it returns, and no exception leaves it. `note` gets a line for people,
/// which the caller frees with g_free().
enum xylem_ostree_outcome xylem_ostree_pull(const struct xylem_ostree_call* call, char** note,
                                            GError** error);

/// A call of ostree_repo_remote_fetch_summary_with_options(); the progress is not looked at. The
/// rest as above. The outputs, which may be NULL, are set when it is done: NULL for what the remote
/// lacks.
enum xylem_ostree_outcome xylem_ostree_fetch_summary(const struct xylem_ostree_call* call,
                                                     GBytes** summary, GBytes** signatures,
                                                     char** note, GError** error);

/// A call of ostree_repo_static_delta_execute_offline_with_signature(): the source is the path of
/// the delta, `sign` may be NULL, and options and progress are not looked at. Without an open
/// transaction, too. The rest as above.
enum xylem_ostree_outcome xylem_ostree_apply_delta(const struct xylem_ostree_call* call,
                                                   OstreeSign* sign, char** note, GError** error);

#ifdef __cplusplus
}
#endif
