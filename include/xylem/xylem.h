/* Pointers are as C writes them. */
/* clang-format off */
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

/** Grows by one with each incompatible change of the C interface. Functions, enumerators and members
 * behind the last one of a struct are added without one. */
#define XYLEM_ABI_VERSION 1
/** The XYLEM_ABI_VERSION that the library was built with. */
unsigned xylem_abi_version(void);
/** For example "0.1.0". */
const char *xylem_version(void);

typedef enum xylem_log_severity {
  XYLEM_LOG_WARNING,
  XYLEM_LOG_INFO,
  XYLEM_LOG_DEBUG
} xylem_log_severity;
/** Called on any thread, by one at a time; must not call this library. The text may hold what others
 * wrote: escape it for a terminal. */
typedef void (*xylem_log_function)(xylem_log_severity severity, const char *text, void *user_data);
/** In the whole process: what is no less severe than `least` goes to `function`, and nothing to
 * standard error any more. NULL brings that back. */
void xylem_set_log_function(xylem_log_function function, xylem_log_severity least, void *user_data);

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
  XYLEM_ERROR_IO,
  XYLEM_ERROR_CONFLICT
} xylem_error_kind;

typedef struct xylem_error xylem_error;
xylem_error_kind xylem_error_get_kind(const xylem_error *error);
/** For display to users; never contains credentials. */
const char *xylem_error_message(const xylem_error *error);
/** What the user can do next; "" if unknown. */
const char *xylem_error_hint(const xylem_error *error);
/** Stable name of a kind, such as "not-found"; "other" for XYLEM_ERROR_OTHER. */
const char *xylem_error_kind_name(xylem_error_kind kind);
/** What the `xylem` command exits with after such an error: 3 to 16, or 1. */
int xylem_error_kind_exit_code(xylem_error_kind kind);
/** What the error is about: "<checksum>.<type>", a URL without credentials, a path; "" if it is
 * about none. */
const char *xylem_error_object(const xylem_error *error);
const char *xylem_error_url(const xylem_error *error);
const char *xylem_error_path(const xylem_error *error);
/** The last HTTP status and the errno, or 0; how often a request was tried. */
long xylem_error_http_status(const xylem_error *error);
int xylem_error_system_errno(const xylem_error *error);
int xylem_error_attempts(const xylem_error *error);
/** Of XYLEM_ERROR_NO_SPACE, if they are known: return 1 and set `bytes`; else 0. */
int xylem_error_needed_bytes(const xylem_error *error, uint64_t *bytes);
int xylem_error_available_bytes(const xylem_error *error, uint64_t *bytes);
/** Accepts NULL. */
void xylem_error_free(xylem_error *error);

/** Cancels what it was passed to, from any thread, for good: make a new one for what comes next. It
 * may be freed while a pull that it was passed to still runs. Not safe in a signal handler: write to
 * a pipe there, or use signalfd. */
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
/** Refuse commits that are older than the present one. */
void xylem_pull_options_set_timestamp_check(xylem_pull_options *options, int check);
/** The same, and a different commit of the same time. */
void xylem_pull_options_set_timestamp_check_strict(xylem_pull_options *options, int check);
/** Refuse commits that are older than this one; NULL disables it. */
void xylem_pull_options_set_timestamp_check_from_rev(xylem_pull_options *options, const char *rev);
/** Pull from this repository on the same machine in place of the remote's URL; NULL disables it. */
void xylem_pull_options_set_local_repository(xylem_pull_options *options, const char *path);
/** Link or copy from repositories on this machine without checking the objects. */
void xylem_pull_options_set_trusted(xylem_pull_options *options, int trusted);
/** Do not check what a mirror pulls over HTTP into an archive repository. */
void xylem_pull_options_set_http_trusted(xylem_pull_options *options, int trusted);
/** Refuse files whose mode a bare-user-only repository cannot keep. */
void xylem_pull_options_set_bareuseronly_files(xylem_pull_options *options, int only);
/** Find out what would be transferred, and stop: see XYLEM_RESULT_CONTENT_REQUESTED. */
void xylem_pull_options_set_dry_run(xylem_pull_options *options, int dry_run);
/** Directory for cached summaries; NULL is the repository's own. */
void xylem_pull_options_set_cache_dir(xylem_pull_options *options, const char *path);
/** Bytes; 0 means no limit. */
void xylem_pull_options_set_max_metadata_size(xylem_pull_options *options, uint64_t bytes);
/** Make nothing durable: for repositories that can be lost. */
void xylem_pull_options_set_disable_fsync(xylem_pull_options *options, int disable);
/** Flush each file by itself, which is gentler to other programs. */
void xylem_pull_options_set_per_object_fsync(xylem_pull_options *options, int per_object);
void xylem_pull_options_set_disable_static_deltas(xylem_pull_options *options, int disable);
void xylem_pull_options_set_require_static_deltas(xylem_pull_options *options, int require);

/** The collection of the refs, in place of the remote's collection-id; NULL disables it. */
void xylem_pull_options_set_collection_id(xylem_pull_options *options, const char *collection_id);
/** The keys of `remote` must have signed the commits of this ref. Call it once for each. */
void xylem_pull_options_add_ref_keyring(xylem_pull_options *options, const char *collection_id,
                                        const char *ref, const char *remote);
/** In place of the remote's configuration: 1, 0, or -1 for the configuration. */
void xylem_pull_options_set_gpg_verify(xylem_pull_options *options, int verify);
void xylem_pull_options_set_gpg_verify_summary(xylem_pull_options *options, int verify);
/** Do not verify signatures of other engines than GPG, whatever the configuration says. */
void xylem_pull_options_set_disable_sign_verify(xylem_pull_options *options, int disable);
void xylem_pull_options_set_disable_sign_verify_summary(xylem_pull_options *options, int disable);
/** Accept commits that are not bound to their ref. */
void xylem_pull_options_set_disable_verify_bindings(xylem_pull_options *options, int disable);
/** Directory of trusted and revoked keys in place of the system's; NULL disables it. */
void xylem_pull_options_set_keys_dir(xylem_pull_options *options, const char *path);
/** Write no refs; the result says what they would be. */
void xylem_pull_options_set_keep_refs(xylem_pull_options *options, int keep);
/** The caller holds the repository lock until the pull is over: none is taken. */
void xylem_pull_options_set_caller_holds_lock(xylem_pull_options *options, int holds);
/** The remote's summary, and its signature or NULL, in place of what the server has. A NULL summary
 * disables it. */
void xylem_pull_options_set_given_summary(xylem_pull_options *options, const void *summary,
                                          size_t summary_size, const void *signature,
                                          size_t signature_size);
/** What requests call themselves, in place of "libostree/VERSION"; NULL disables it. */
void xylem_pull_options_set_user_agent(xylem_pull_options *options, const char *text);
/** Text behind the User-Agent header. */
void xylem_pull_options_set_append_user_agent(xylem_pull_options *options, const char *text);
/** "aws:amz:REGION:s3": sign requests with user name and password of the URL; NULL disables it. */
void xylem_pull_options_set_aws_sigv4(xylem_pull_options *options, const char *provider);
/** Whether to retry errors of the network that hardly pass, too. Default: 1. */
void xylem_pull_options_set_retry_all_network_errors(xylem_pull_options *options, int retry);
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

/** Something to be told while a pull goes on; valid during the call that it is passed to. */
typedef struct xylem_message xylem_message;
/** Stable name: "retry", "mirror-switched", "source-dropped", "object-refetched", ... */
const char *xylem_message_code(const xylem_message *message);
/** For people: one sentence. */
const char *xylem_message_text(const xylem_message *message);
/** Path, or URL without credentials, of what failed; "" if it has none. */
const char *xylem_message_source(const xylem_message *message);
/** Whether something is not as it should be. */
int xylem_message_is_warning(const xylem_message *message);
/** Called as the progress function is: on a thread of the pull, or by xylem_pull_dispatch. */
typedef void (*xylem_message_function)(const xylem_message *message, void *user_data);
/** NULL removes it. `user_data` must outlive the pulls. */
void xylem_pull_options_set_message_function(xylem_pull_options *options,
                                             xylem_message_function function, void *user_data);

/** A signature of a commit that was looked at, also if the commit is refused; valid as above. */
typedef struct xylem_signature xylem_signature;
/** 64 digits. */
const char *xylem_signature_commit(const xylem_signature *signature);
/** "gpg", "ed25519" or "spki". */
const char *xylem_signature_engine(const xylem_signature *signature);
/** "valid", "unknown key", "expired key", ... */
const char *xylem_signature_verdict(const xylem_signature *signature);
/** ID or fingerprint; "" if unknown. */
const char *xylem_signature_key(const xylem_signature *signature);
int xylem_signature_is_valid(const xylem_signature *signature);
typedef void (*xylem_signature_function)(const xylem_signature *signature, void *user_data);
void xylem_pull_options_set_signature_function(xylem_pull_options *options,
                                               xylem_signature_function function, void *user_data);

/** Interval between calls of the progress function; must be greater than 0. */
void xylem_pull_options_set_update_frequency(xylem_pull_options *options, unsigned milliseconds);

/** State of a running pull; valid during the call that it is passed to. */
typedef struct xylem_progress xylem_progress;
typedef enum xylem_progress_number {
  XYLEM_PROGRESS_BYTES_TRANSFERRED, /**< From the network. */
  XYLEM_PROGRESS_METADATA_FETCHED,
  XYLEM_PROGRESS_METADATA_REQUESTED, /**< So far. */
  XYLEM_PROGRESS_METADATA_SCANNED,
  XYLEM_PROGRESS_CONTENT_FETCHED,
  XYLEM_PROGRESS_CONTENT_REQUESTED, /**< So far; final from phase "fetching" on. */
  XYLEM_PROGRESS_CONTENT_IMPORTED,  /**< From repositories on this machine. */
  XYLEM_PROGRESS_BYTES_EXPECTED,    /**< Of all content, if the commits tell. */
  XYLEM_PROGRESS_BYTES_LEFT,        /**< Of content, from phase "fetching" on. */
  XYLEM_PROGRESS_ELAPSED_MS
} xylem_progress_number;
/** "resolving", "scanning", "fetching", "writing" or "done". */
const char *xylem_progress_phase(const xylem_progress *progress);
/** UINT64_MAX if it is not known. None decreases but BYTES_LEFT. */
uint64_t xylem_progress_get(const xylem_progress *progress, xylem_progress_number number);

/** Called on a thread of the pull, never concurrently; see also xylem_pull. */
typedef void (*xylem_progress_function)(const xylem_progress *progress, void *user_data);

/** What a pull did. Free it with xylem_pull_result_free. */
typedef struct xylem_pull_result xylem_pull_result;
typedef enum xylem_result_number {
  XYLEM_RESULT_METADATA_FETCHED,
  XYLEM_RESULT_CONTENT_FETCHED,
  XYLEM_RESULT_METADATA_IMPORTED, /**< From repositories on this machine. */
  XYLEM_RESULT_CONTENT_IMPORTED,
  XYLEM_RESULT_BYTES_TRANSFERRED,
  XYLEM_RESULT_BYTES_WRITTEN, /**< Content, unpacked. */
  XYLEM_RESULT_BYTES_RESUMED, /**< That partial files of before saved. */
  XYLEM_RESULT_REQUESTS,      /**< With retries. */
  XYLEM_RESULT_RETRIES,
  XYLEM_RESULT_CONTENT_REQUESTED, /**< Of a dry run: files that would be fetched. */
  XYLEM_RESULT_BYTES_EXPECTED,    /**< Of a dry run: their bytes, if the commits tell. */
  XYLEM_RESULT_REFS_CHANGED,
  XYLEM_RESULT_ELAPSED_MS
} xylem_result_number;
/** UINT64_MAX if it is not known. */
uint64_t xylem_pull_result_get(const xylem_pull_result *result, xylem_result_number number);
size_t xylem_pull_result_count_refs(const xylem_pull_result *result);
/** A ref as it was asked for, and its commit as 64 digits; NULL past the end. */
const char *xylem_pull_result_ref(const xylem_pull_result *result, size_t index);
const char *xylem_pull_result_commit(const xylem_pull_result *result, size_t index);
/** Whether the ref pointed elsewhere, or nowhere, before. */
int xylem_pull_result_changed(const xylem_pull_result *result, size_t index);
/** Accepts NULL. */
void xylem_pull_result_free(xylem_pull_result *result);

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

/** Whether the commit (64 digits) is there and not marked partial: 1, 0, or -1 on failure. */
int xylem_repository_is_complete(const xylem_repository *repository, const char *commit,
                                 xylem_error **error);
/** Refs ("ref" or "remote:ref") and their commits. Free the list with xylem_refs_free. */
typedef struct xylem_refs xylem_refs;
xylem_refs *xylem_repository_refs(const xylem_repository *repository, xylem_error **error);
size_t xylem_refs_count(const xylem_refs *refs);
/** NULL past the end. */
const char *xylem_refs_name(const xylem_refs *refs, size_t index);
const char *xylem_refs_commit(const xylem_refs *refs, size_t index);
/** Accepts NULL. */
void xylem_refs_free(xylem_refs *refs);

/** Pulls, and blocks until it is done. Returns NULL on failure. `progress` and `cancel` may be NULL.
 * Data fetched before a failure is kept for the next pull. */
xylem_pull_result *xylem_repository_pull(const xylem_repository *repository,
                                         const xylem_pull_options *options,
                                         xylem_progress_function progress, void *user_data,
                                         const xylem_cancel *cancel, xylem_error **error);

/** A pull on threads of its own, for programs with an event loop. Its functions are for one thread
 * at a time; the callbacks run on the thread that calls xylem_pull_dispatch. */
typedef struct xylem_pull xylem_pull;
/** Begins a pull; arguments as above, and copied: repository, options and cancel may be freed. */
xylem_pull *xylem_pull_start(const xylem_repository *repository, const xylem_pull_options *options,
                             xylem_progress_function progress, void *user_data,
                             const xylem_cancel *cancel, xylem_error **error);
/** A descriptor that is readable when xylem_pull_dispatch has something to do. Only poll it. */
int xylem_pull_get_fd(const xylem_pull *pull);
/** Calls `progress` for the newest state, if there is one. Returns 1 once the pull is over, else 0.
 * Never blocks. */
int xylem_pull_dispatch(xylem_pull *pull);
/** Asks the pull to stop; it is over soon, with XYLEM_ERROR_CANCELLED. */
void xylem_pull_cancel(xylem_pull *pull);
/** Waits for the end, and returns the result, or NULL on failure. Once. */
xylem_pull_result *xylem_pull_finish(xylem_pull *pull, xylem_error **error);
/** Cancels a pull that still runs, and waits for its threads. Accepts NULL. */
void xylem_pull_free(xylem_pull *pull);

#ifdef __cplusplus
}
#endif

#endif
