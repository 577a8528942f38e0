#ifndef XYLEM_XYLEM_H
#define XYLEM_XYLEM_H

/**
 * \file
 * The C interface: open a repository, look up refs, pull. It wraps the C++ interface
 * (xylem/repository.hpp, xylem/pull.hpp), whose headers describe the options in more detail.
 * xylem/maintenance.h has the functions that maintain a repository.
 *
 * Every function that can fail returns 0, or NULL, on failure and then, if `error` is not NULL,
 * stores an error in it that the caller frees. Strings are UTF-8. Arguments are copied; returned
 * strings belong to the object that returned them, unless stated otherwise.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What went wrong; the numbers are those of xylem::ErrorKind. */
typedef enum xylem_error_kind {
  XYLEM_ERROR_OTHER = 0,
  XYLEM_ERROR_NOT_FOUND = 1,
  XYLEM_ERROR_UNAUTHORIZED,
  XYLEM_ERROR_NETWORK,
  XYLEM_ERROR_TIMEOUT,
  XYLEM_ERROR_CORRUPT,
  XYLEM_ERROR_SIGNATURE_INVALID,
  XYLEM_ERROR_NO_SPACE,
  XYLEM_ERROR_LOCKED,
  XYLEM_ERROR_CANCELLED,
  XYLEM_ERROR_UNSUPPORTED,
  XYLEM_ERROR_INVALID_ARGUMENT,
  XYLEM_ERROR_DOWNGRADE,
  XYLEM_ERROR_IO
} xylem_error_kind;

typedef struct xylem_error xylem_error;
xylem_error_kind xylem_error_get_kind(const xylem_error *error);
/** For display to users; never contains credentials. */
const char *xylem_error_message(const xylem_error *error);
/** What the user can do next; "" if unknown. */
const char *xylem_error_hint(const xylem_error *error);
/** Accepts NULL. */
void xylem_error_free(xylem_error *error);

/** Cancels the pulls it was passed to, from any thread. */
typedef struct xylem_cancel xylem_cancel;
xylem_cancel *xylem_cancel_new(void);
void xylem_cancel_request(xylem_cancel *cancel);
void xylem_cancel_free(xylem_cancel *cancel);

/** What to pull and how. Starts with the defaults of `ostree pull`. */
typedef struct xylem_pull_options xylem_pull_options;
xylem_pull_options *xylem_pull_options_new(const char *remote);
void xylem_pull_options_free(xylem_pull_options *options);
/** "ref", "ref@checksum" or a checksum. Call it once for each. */
void xylem_pull_options_add_ref(xylem_pull_options *options, const char *ref);
/** An absolute path: pull only what is below it. Call it once for each path. */
void xylem_pull_options_add_subpath(xylem_pull_options *options, const char *path);
/** A repository to search before the network. Call it once for each. */
void xylem_pull_options_add_localcache_repo(xylem_pull_options *options, const char *path);
void xylem_pull_options_add_http_header(xylem_pull_options *options, const char *name,
                                        const char *value);
/** Replaces the configured URL of the remote. */
void xylem_pull_options_set_url(xylem_pull_options *options, const char *url);
/** Number of parent commits to pull; -1 pulls all of them. */
void xylem_pull_options_set_depth(xylem_pull_options *options, int depth);
void xylem_pull_options_set_mirror(xylem_pull_options *options, int mirror);
void xylem_pull_options_set_commit_metadata_only(xylem_pull_options *options, int only);
void xylem_pull_options_set_timestamp_check(xylem_pull_options *options, int check);
void xylem_pull_options_set_network_retries(xylem_pull_options *options, unsigned retries);

/** A bandwidth limit, which any number of pulls may share. */
typedef struct xylem_rate_limit xylem_rate_limit;
/** In bytes per second; 0 means no limit. */
xylem_rate_limit *xylem_rate_limit_new(uint64_t bytes_per_second);
/** Callable from any thread; takes effect in running pulls within a second. */
void xylem_rate_limit_set(xylem_rate_limit *limit, uint64_t bytes_per_second);
/** Options it was attached to keep their own reference. Accepts NULL. */
void xylem_rate_limit_free(xylem_rate_limit *limit);
void xylem_pull_options_set_rate_limit(xylem_pull_options *options, const xylem_rate_limit *limit);

/** After this many bytes the pull fails with XYLEM_ERROR_CANCELLED; the next pull resumes from
 * there. 0 means no limit. */
void xylem_pull_options_set_max_bytes(xylem_pull_options *options, uint64_t bytes);
/** A pull that takes longer fails with XYLEM_ERROR_TIMEOUT. 0 means no limit. */
void xylem_pull_options_set_deadline(xylem_pull_options *options, unsigned seconds);
/** Keep trying while the server cannot be reached. */
void xylem_pull_options_set_wait_online(xylem_pull_options *options, int wait);
/** Abort and retry a transfer that stays below this rate for `seconds`; 0 seconds disables it. */
void xylem_pull_options_set_low_speed(xylem_pull_options *options, uint32_t bytes_per_second,
                                      uint32_t seconds);
/** Maximum number of concurrent requests; 0 adapts to the server. */
void xylem_pull_options_set_max_requests(xylem_pull_options *options, uint32_t requests);
/** Append one line of JSON per request to this file; NULL disables it. */
void xylem_pull_options_set_trace_file(xylem_pull_options *options, const char *path);
/** Restrict the pull to writing to the repository, and to the system calls that it needs. The
 * calling thread is not restricted. The pull fails with XYLEM_ERROR_UNSUPPORTED if the kernel has
 * no Landlock. */
void xylem_pull_options_set_sandbox(xylem_pull_options *options, int sandbox);

/** Returns the value of the `Authorization` header ("Bearer ...") for requests to `url`, or NULL to
 * send none. `refused` is the value that the server has just rejected with 401, initially "". It is
 * called on a thread of the pull, which waits. The result is copied before the next call. */
typedef const char *(*xylem_authorization_function)(const char *url, const char *refused,
                                                    void *user_data);
/** NULL removes it. `user_data` must outlive the pulls. */
void xylem_pull_options_set_authorization(xylem_pull_options *options,
                                          xylem_authorization_function function, void *user_data);

/** Interval between calls of the progress function; must be greater than 0. */
void xylem_pull_options_set_update_frequency(xylem_pull_options *options, unsigned milliseconds);

/** State of a running pull. The numbers never decrease. */
typedef struct xylem_progress {
  const char *phase; /**< "resolving", "scanning", "fetching", "writing" or "done". */
  uint64_t bytes_transferred;
  uint64_t metadata_fetched;
  uint64_t metadata_requested;
  uint64_t content_fetched;
  uint64_t content_requested;
} xylem_progress;

/** Called on a thread of the pull, never concurrently. */
typedef void (*xylem_progress_function)(const xylem_progress *progress, void *user_data);

/** What a pull did. */
typedef struct xylem_pull_result {
  uint64_t metadata_fetched;
  uint64_t content_fetched;
  uint64_t bytes_transferred;
  uint64_t bytes_written;
  uint64_t refs_changed;
} xylem_pull_result;

/** An open repository. Pulls may run concurrently on one object; other calls may not. */
typedef struct xylem_repository xylem_repository;
xylem_repository *xylem_repository_open(const char *path, xylem_error **error);
/** `mode` is "archive", "bare", "bare-user" or "bare-user-only". Opens an existing one. */
xylem_repository *xylem_repository_create(const char *path, const char *mode, xylem_error **error);
void xylem_repository_free(xylem_repository *repository);

/** Adds or replaces a remote; `gpg_verify` sets its gpg-verify key. */
int xylem_repository_set_remote(xylem_repository *repository, const char *name, const char *url,
                                int gpg_verify, xylem_error **error);
/** The commit that `rev` resolves to, as 64 digits. Free it with xylem_string_free. */
char *xylem_repository_resolve(const xylem_repository *repository, const char *rev,
                               xylem_error **error);
void xylem_string_free(char *string);

/** Pulls, and blocks until it is done. Returns 1, or 0 on failure. `progress`, `cancel` and
 * `result` may be NULL. Data fetched before a failure is kept for the next pull. */
int xylem_repository_pull(const xylem_repository *repository, const xylem_pull_options *options,
                          xylem_progress_function progress, void *user_data,
                          const xylem_cancel *cancel, xylem_pull_result *result,
                          xylem_error **error);

#ifdef __cplusplus
}
#endif

#endif
