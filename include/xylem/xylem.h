#ifndef XYLEM_XYLEM_H
#define XYLEM_XYLEM_H

/**
 * \file
 * The C interface: open a repository, look refs up, pull. It is a thin cover of the C++ interface
 * (xylem/repository.hpp, xylem/pull.hpp), which says more about what the options mean. What keeps a
 * repository in order is in xylem/maintenance.h.
 *
 * Every function that can fail returns 0, or NULL, on failure and then, if `error` is not NULL,
 * stores an error in it that the caller frees. Strings are UTF-8 and are copied on the way in; those
 * on the way out belong to the object that returned them unless said otherwise.
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
/** For people; never contains credentials. */
const char *xylem_error_message(const xylem_error *error);
/** The next step that a person can take; "" if none is known. */
const char *xylem_error_hint(const xylem_error *error);
/** NULL is fine. */
void xylem_error_free(xylem_error *error);

/** Stops pulls that it was given to, from any thread. */
typedef struct xylem_cancel xylem_cancel;
xylem_cancel *xylem_cancel_new(void);
void xylem_cancel_request(xylem_cancel *cancel);
void xylem_cancel_free(xylem_cancel *cancel);

/** What to pull and how; made with the defaults of `ostree pull`. */
typedef struct xylem_pull_options xylem_pull_options;
xylem_pull_options *xylem_pull_options_new(const char *remote);
void xylem_pull_options_free(xylem_pull_options *options);
/** "ref", "ref@checksum" or a checksum; may be called again for more. */
void xylem_pull_options_add_ref(xylem_pull_options *options, const char *ref);
/** An absolute path; only what is below is pulled. May be called again for more. */
void xylem_pull_options_add_subpath(xylem_pull_options *options, const char *path);
/** A repository that is looked into before the network. May be called again for more. */
void xylem_pull_options_add_localcache_repo(xylem_pull_options *options, const char *path);
void xylem_pull_options_add_http_header(xylem_pull_options *options, const char *name,
                                        const char *value);
/** Instead of the remote's configured URL. */
void xylem_pull_options_set_url(xylem_pull_options *options, const char *url);
/** Parents to pull too; -1 is all. */
void xylem_pull_options_set_depth(xylem_pull_options *options, int depth);
void xylem_pull_options_set_mirror(xylem_pull_options *options, int mirror);
void xylem_pull_options_set_commit_metadata_only(xylem_pull_options *options, int only);
void xylem_pull_options_set_timestamp_check(xylem_pull_options *options, int check);
void xylem_pull_options_set_network_retries(xylem_pull_options *options, unsigned retries);

/** A limit of the bandwidth, which any number of pulls may share. */
typedef struct xylem_rate_limit xylem_rate_limit;
/** In bytes a second; 0 is no limit. */
xylem_rate_limit *xylem_rate_limit_new(uint64_t bytes_per_second);
/** On any thread; takes effect within a second in pulls that run. */
void xylem_rate_limit_set(xylem_rate_limit *limit, uint64_t bytes_per_second);
/** Options that it was given to keep it. NULL is fine. */
void xylem_rate_limit_free(xylem_rate_limit *limit);
void xylem_pull_options_set_rate_limit(xylem_pull_options *options, const xylem_rate_limit *limit);

/** When so many bytes have come the pull fails with XYLEM_ERROR_CANCELLED, and the next one goes on
 * from there; 0 is no limit. */
void xylem_pull_options_set_max_bytes(xylem_pull_options *options, uint64_t bytes);
/** A pull that takes longer fails with XYLEM_ERROR_TIMEOUT; 0 is no limit. */
void xylem_pull_options_set_deadline(xylem_pull_options *options, unsigned seconds);
/** While the server cannot be reached, try until it can. */
void xylem_pull_options_set_wait_online(xylem_pull_options *options, int wait);
/** A transfer slower than this for so long is given up, and tried again; `seconds` of 0: never. */
void xylem_pull_options_set_low_speed(xylem_pull_options *options, uint32_t bytes_per_second,
                                      uint32_t seconds);
/** The most requests in flight at once; 0 adapts to the server. */
void xylem_pull_options_set_max_requests(xylem_pull_options *options, uint32_t requests);
/** A file to which a line of JSON is appended for each request; NULL for none. */
void xylem_pull_options_set_trace_file(xylem_pull_options *options, const char *path);
/** Take from the pull the right to write anywhere but in the repository, and to make system calls
 * that it does not need. The calling thread keeps its rights. The pull fails with
 * XYLEM_ERROR_UNSUPPORTED where the kernel has no Landlock. */
void xylem_pull_options_set_sandbox(xylem_pull_options *options, int sandbox);

/** Returns the value of the `Authorization` header ("Bearer ...") for requests to `url`, or NULL for
 * none. `refused` is the one that the server has just answered with 401, "" at first. Called on a
 * thread of the pull, which waits; what is returned is copied before it is called again. */
typedef const char *(*xylem_authorization_function)(const char *url, const char *refused,
                                                    void *user_data);
/** NULL takes it away. `user_data` has to outlive the pulls. */
void xylem_pull_options_set_authorization(xylem_pull_options *options,
                                          xylem_authorization_function function, void *user_data);

/** Between two calls of the progress function; more than 0. */
void xylem_pull_options_set_update_frequency(xylem_pull_options *options, unsigned milliseconds);

/** State of a running pull; the numbers only grow. */
typedef struct xylem_progress {
  const char *phase; /**< "resolving", "scanning", "fetching", "writing" or "done". */
  uint64_t bytes_transferred;
  uint64_t metadata_fetched;
  uint64_t metadata_requested;
  uint64_t content_fetched;
  uint64_t content_requested;
} xylem_progress;

/** Called on a thread of the pull, one call after the other. */
typedef void (*xylem_progress_function)(const xylem_progress *progress, void *user_data);

/** What a pull did. */
typedef struct xylem_pull_result {
  uint64_t metadata_fetched;
  uint64_t content_fetched;
  uint64_t bytes_transferred;
  uint64_t bytes_written;
  uint64_t refs_changed;
} xylem_pull_result;

/** An open repository. Pulls may run side by side on one object; all else is for one thread. */
typedef struct xylem_repository xylem_repository;
xylem_repository *xylem_repository_open(const char *path, xylem_error **error);
/** `mode` is "archive", "bare", "bare-user" or "bare-user-only". Opens it if it is there. */
xylem_repository *xylem_repository_create(const char *path, const char *mode, xylem_error **error);
void xylem_repository_free(xylem_repository *repository);

/** Adds a remote or replaces it; `gpg_verify` as in its configuration. */
int xylem_repository_set_remote(xylem_repository *repository, const char *name, const char *url,
                                int gpg_verify, xylem_error **error);
/** The commit that `rev` means, 64 digits; free it with xylem_string_free. */
char *xylem_repository_resolve(const xylem_repository *repository, const char *rev,
                               xylem_error **error);
void xylem_string_free(char *string);

/** Pulls, and returns when it is done: 1, or 0 on failure. `progress`, `cancel` and `result` may be
 * NULL. What was fetched before a failure is kept for the next pull. */
int xylem_repository_pull(const xylem_repository *repository, const xylem_pull_options *options,
                          xylem_progress_function progress, void *user_data,
                          const xylem_cancel *cancel, xylem_pull_result *result,
                          xylem_error **error);

#ifdef __cplusplus
}
#endif

#endif
